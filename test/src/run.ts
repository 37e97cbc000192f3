// npm run test:integration [-- FILE…]: brings up one broker and one registry, runs the tests on them, stops both.
import { join } from 'node:path'

import { CordonError } from '@cordon/foundation'
import { openWorkplace, prepareBroker, startRegistry } from '@cordon/infra'
import type { Workplace } from '@cordon/infra'
import { compilersThatWait } from '@cordon/lifecycle'

/** Two cores are shared with the broker, the registry and what the tests start: each process of it compiles what none did before. */
const concurrency = 2
const allTests = 'test/src/**/*.test.ts'
/** Of one test: more than the slowest takes on a loaded machine. What waits for ever is to fail by its name. */
const testLimitMs = 10 * 60_000
/** Of all of them, three times what they take: a file whose process stays is named when the runner is stopped. */
const runLimitMs = 45 * 60_000
const testFlags = [
  '--test',
  `--test-concurrency=${concurrency}`,
  `--test-timeout=${testLimitMs}`,
  // Of the tests' processes, too, each has to be gone when it exits: see `makeExitCertain`.
  ...compilersThatWait,
]

const runTests = async (workplace: Workplace): Promise<number> => {
  const prepared = await prepareBroker(workplace)
  const [broker, registry] = await Promise.all([
    prepared.start(),
    // Every test has a topic prefix of its own, so no record outlives the ids that it names.
    startRegistry({ ...workplace, storage: { kind: 'memory' } }),
  ])
  console.log(`Tests run on ${broker.description},\nwith ${registry.description}.`)

  const files = process.argv.slice(2)
  const tests = await workplace.supervisor.start({
    name: 'tests',
    command: process.execPath,
    args: [...testFlags, ...(files.length > 0 ? files : [allTests])],
    environment: {
      NODE_COMPILE_CACHE: join(workplace.folder, 'compiled'),
      ...inherited(),
      ...broker.variables,
      ...registry.variables,
    },
    folder: process.cwd(),
    output: 'launcher',
  })
  const limit = setTimeout(() => void tests.stop(), runLimitMs)
  const { code } = await tests.exited
  clearTimeout(limit)
  return code ?? 1
}

/** Tests are the developer's own programs: they see what the developer set. */
const inherited = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )

const workplace = await openWorkplace({
  environment: process.env,
  onProgress: ({ text }) => console.log(text),
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void workplace.close().then(() => process.exit(1)))
}
try {
  process.exitCode = await runTests(workplace)
} catch (error) {
  if (!(error instanceof CordonError)) throw error
  console.error(error.message)
  process.exitCode = 1
} finally {
  await workplace.close()
}
