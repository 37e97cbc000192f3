import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>
  /** Sent as soon as anything was printed. */
  readonly signal?: NodeJS.Signals
}

const cordon = async (t: TestContext, args: readonly string[], options: RunOptions = {}): Promise<Ended> => {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  let out = ''
  let error = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text))
  const { signal } = options
  if (signal !== undefined) child.stdout.once('data', () => child.kill(signal))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, error }
}

/** A temporary folder in which other users may work, as in the system's. */
const temporaryFolder = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'command-'))
  chmodSync(folder, 0o777)
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('a stop that comes while everything is starting is acted on, and leaves nothing', async t => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const folder = temporaryFolder(t)
    const { code, out } = await cordon(t, ['up', '--throwaway'], { signal, environment: { TMPDIR: folder } })
    assert.equal(code, 0)
    assert.match(out, /Stopping\.\n$/)
    assert.doesNotMatch(out, /Ready after/)
    assert.deepEqual(readdirSync(folder), [])
  }
})

test('what is not understood says so in a line or two, and ends with 2', async t => {
  const commands: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [['nosuch'], /^error: unknown command 'nosuch'\n/],
    [['up', '--nosuch'], /^error: unknown option '--nosuch'\n/],
    [['up', '--data', ''], /expected the name of a folder/],
    [['up', '--bundle', 'b.json'], /expected --servers and --bundle together/],
    [['replay'], /missing required argument 'file'/],
    [['replay', 'f', '--speed', '0'], /expected a number above 0, or max/],
  ]
  for (const [args, message] of commands) {
    const { code, error } = await cordon(t, args)
    assert.match(error, message)
    assert.ok(error.split('\n').length <= 3, error)
    assert.equal(code, 2)
  }
})

test('what cannot be used is named before anything starts', async t => {
  const environment = { CORDON_KAFKA_TLS: 'yes' }
  const refused = await cordon(t, ['up', '--throwaway'], { environment })
  assert.deepEqual([refused.code, refused.out], [1, ''])
  assert.match(
    refused.error,
    /^cordon: launcher: 1 problem in the environment\n {2}CORDON_KAFKA_TLS: expected/,
  )
  const folder = await cordon(t, ['up', '--data', main])
  assert.deepEqual([folder.code, folder.out], [1, ''])
  assert.match(
    folder.error,
    /^cordon: .*main\.ts: expected a folder that can be made and written, got EEXIST\n$/,
  )
})
