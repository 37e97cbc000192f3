import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))
const services = ['identity', 'engine', 'proxy', 'scorer'] as const
/** Started here, not the ones of this test run. */
const ownParts = { KAFKA_BROKERS: '', SCHEMA_REGISTRY_URL: '' }
/** Ticks, beats and heartbeats go round several times. */
const livesMs = 3000

/** Brings everything up, lets it live a moment, and stops it. Resolves with what the command wrote to standard error. */
const upAndDown = async (t: TestContext, folder: string): Promise<string> => {
  const child = spawn(process.execPath, [main, 'up', '--no-demo', '--data', folder], {
    env: { ...process.env, ...ownParts },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  const closed = once(child, 'close')
  let error = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text))
  const ready = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', line => {
    if (line.includes('Ready after')) ready.resolve()
  })
  await Promise.race([ready.promise, closed])
  await sleep(livesMs)
  child.kill('SIGTERM')
  const [code] = (await closed) as [number | null]
  assert.equal(code, 0)
  return error
}

/** Lines of a service's output, standard error included, that are no line of its log or warn of something. */
const complaintsOf = (folder: string, service: string): readonly string[] => {
  const lines = readFileSync(join(folder, 'logs', `${service}.log`), 'utf8')
    .trimEnd()
    .split('\n')
  assert.ok(lines.length > 1, `${service}: expected a log, got ${lines.length} line`)
  return lines.filter(line => {
    if (!line.startsWith('{')) return true
    const { level } = JSON.parse(line) as { readonly level: string }
    return level !== 'debug' && level !== 'info'
  })
}

test('a healthy start, life and end log no warning or error, in a fresh folder and in a warm one', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-healthy-'))
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  for (const state of ['fresh', 'warm']) {
    assert.equal(await upAndDown(t, folder), '', state)
    for (const service of services) assert.deepEqual(complaintsOf(folder, service), [], `${state} ${service}`)
  }
})
