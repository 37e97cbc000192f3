import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const runner = fileURLToPath(new URL('../run.ts', import.meta.url))

/** What the run of the tests says, and with which code it ends, on a machine like this. */
const runTests = async (
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly said: string }> => {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [runner, 'no-such-test'], {
      env: environment,
    })
    return { code: 0, said: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, said: stdout + stderr }
  }
}

/** A path on which of all programs there is Java only. */
const javaOnly = async (folder: string): Promise<string> => {
  const name = 'java'
  for (const place of (process.env['PATH'] ?? '').split(delimiter)) {
    const program = await realpath(join(place, name)).catch(() => undefined)
    if (program === undefined) continue
    await symlink(program, join(folder, name))
    return folder
  }
  return assert.fail('expected Java on the PATH, as every test of this folder does')
}

const scratch = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-missing-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('tests fail with one clear message where there is no Java', async () => {
  const { code, said } = await runTests({ PATH: '/nonexistent' })
  assert.equal(code, 1)
  assert.match(said, /^No Kafka broker can be had:\n {2}KAFKA_BROKERS: not set\n {2}java: expected Java 17/)
  assert.match(said, /Ways out:/)
  assert.doesNotMatch(said, /\n {4}at /)
})

test('tests fail with one clear message where there is no Maven', async t => {
  const folder = await scratch(t)
  const { code, said } = await runTests({
    PATH: await javaOnly(folder),
    CORDON_CACHE_DIR: join(folder, 'cache'),
  })
  assert.equal(code, 1)
  assert.match(said, /Apache Kafka 4\.3\.1: expected Maven \(mvn\) on the PATH, got none/)
  assert.match(said, /Ways out:/)
  assert.doesNotMatch(said, /\n {4}at /)
})

test('tests fail where the broker that they were given does not answer', async () => {
  const { code, said } = await runTests({ PATH: process.env['PATH'] ?? '', KAFKA_BROKERS: '127.0.0.1:1' })
  assert.equal(code, 1)
  assert.match(said, /^KAFKA_BROKERS: expected a broker that accepts connections at 127\.0\.0\.1:1, got none/)
})
