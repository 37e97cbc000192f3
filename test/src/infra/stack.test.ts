import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'

import { openWorkplace, startStack, type Workplace } from '@cordon/infra'
import { isRunning } from '@cordon/lifecycle'

import { eventually } from '../support/eventually.ts'
import { openSession } from '../support/opened-session.ts'
import { launch } from './launched.ts'
import { wholeStack } from './whole-stack.ts'

const workplaceFor = async (t: TestContext): Promise<Workplace> => {
  const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
  t.after(() => workplace.close())
  return workplace
}

/** Name, kind and help of each of Cordon's metrics in a scrape, as a row of docs/metrics.md says them. */
const scrapedMetrics = async (operationsUrl: string): Promise<readonly string[]> => {
  const text = await (await fetch(`${operationsUrl}/metrics`)).text()
  const helps = [...text.matchAll(/^# HELP (cordon_\S+) (.+)\n# TYPE \S+ (\S+)$/gm)]
  return helps.map(([, name, help, kind]) => `${name} ${kind}: ${help}`)
}

const documentedMetrics = (): readonly string[] => {
  const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8')
  const rows = page.matchAll(/^\| `(cordon_[^`]+)` \| (\w+) \| [^|]* \| (.+) \|$/gm)
  return Array.from(rows, ([, name, kind, help]) => `${name} ${kind}: ${help}`).toSorted()
}

test('a stack is ready, measured, and answers; a service that is killed is reported', async t => {
  const workplace = await workplaceFor(t)
  const stack = await startStack(workplace, await wholeStack(workplace))
  assert.deepEqual([...stack.readyAfterMs.keys()].sort(), [
    'broker',
    'engine',
    'identity',
    'proxy',
    'registry',
    'schemas',
    'scorer',
    'topics',
  ])
  const scrapes = await Promise.all(
    Object.values(stack.services).map(({ operationsUrl }) => scrapedMetrics(operationsUrl)),
  )
  assert.deepEqual(scrapes.flat().toSorted(), documentedMetrics())
  assert.ok(await openSession(stack))
  const unknown = await fetch(`${stack.proxyUrl}/mcp/files`, { method: 'POST' })
  assert.equal(unknown.status, 401)

  const { scorer } = stack.services
  process.kill(scorer.process.pid, 'SIGKILL')
  const failure = await stack.failed
  assert.match(failure.message, /^scorer: exited with SIGKILL, expected it to stay/)
  assert.ok(!isRunning(scorer.process.pid))
})

test('a broker that dies is reported; to stop then takes no longer than one service takes to drain', async t => {
  const environment = { ...process.env, KAFKA_BROKERS: '', SCHEMA_REGISTRY_URL: '' }
  const workplace = await openWorkplace({ environment, onProgress: () => undefined })
  t.after(() => workplace.close())
  const stack = await startStack(workplace, await wholeStack(workplace))
  process.kill(stack.broker.process!.pid, 'SIGKILL')
  assert.match((await stack.failed).message, /^broker: exited with SIGKILL, expected it to stay/)
  const before = performance.now()
  await workplace.close()
  const seconds = (performance.now() - before) / 1000
  assert.ok(seconds < 13, `stopped within ${seconds.toFixed(1)} s`)
})

test('what cannot start says why', async t => {
  const workplace = await workplaceFor(t)
  const { tools, ...options } = await wholeStack(workplace)
  const broken = { ...(await tools), baselinesFile: '/nonexistent/baselines.json' }
  await assert.rejects(startStack(workplace, { ...options, tools: broken }), {
    code: 'PROCESS_EXITED',
    message: /^scorer: exited with code 1, before it was ready[^]*nonexistent/,
  })
})

test('kill -9 of the launcher leaves no service', async t => {
  const launched = await launch(t, 'stack-launcher.ts')
  assert.ok(launched.pids.every(isRunning))
  await launched.kill('SIGKILL')
  await eventually('no service is left', () => !launched.pids.some(isRunning), 20_000)
  for (const folder of launched.folders) assert.ok(!existsSync(folder), folder)
})
