import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

/** The command as it stands in the repository. */
export const main: string = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>
  /** Sent as soon as anything was printed. */
  readonly signal?: NodeJS.Signals
  /** Standard input; nothing without it. */
  readonly input?: string
}

/** Runs the command to its end. */
export const cordon = async (
  t: TestContext,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> => {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(options.input)
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
export const temporaryFolder = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'command-'))
  chmodSync(folder, 0o777)
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
