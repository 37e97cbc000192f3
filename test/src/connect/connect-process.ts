import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'

/** The `cordon` command, as an MCP client's configuration names it. */
const cordonCommand: { readonly command: string; readonly args: readonly string[] } = {
  command: process.execPath,
  args: [resolve('cli/src/main.ts')],
}

export interface ConnectProfile {
  readonly file: string
  /** What the processes of the profile share. */
  readonly folder: string
  readonly connectArgs: (...args: readonly string[]) => string[]
}

/** A profile of its own; with an ID token, of a human who logged in a moment ago. */
export const makeProfile = async (
  t: TestContext,
  options: {
    /** Of identity; of the proxy as well, where there is no other. */
    readonly url: string
    readonly proxy?: string
    readonly provider?: string
    readonly idToken?: string
    readonly tools?: readonly string[]
    /** Default: one of the profile's own. */
    readonly attester?: { readonly name: string; readonly keyFile: string }
    readonly passwordsFile?: string
  },
): Promise<ConnectProfile> => {
  const home = await mkdtemp(join(tmpdir(), 'cordon-connect-'))
  t.after(() => rm(home, { recursive: true, force: true }))
  const file = join(home, 'connect.json')
  const folder = join(home, 'connect.d')
  const provider = options.provider ?? `${options.url}/oidc`
  const profile = {
    identity: options.url,
    provider,
    proxy: options.proxy ?? options.url,
    platform: 'desk',
    agent: 'desk-agent',
    tools: options.tools ?? ['demo/*', 'other/*', 'everything/*'],
    attester: options.attester ?? { name: 'desk', keyFile: 'attester.pem' },
    passwordsFile: options.passwordsFile,
  }
  await writeFile(file, JSON.stringify(profile), { mode: 0o600 })
  if (options.idToken !== undefined) {
    const logIn = { provider, idToken: options.idToken, expiresAt: Date.now() + 3_600_000 }
    await mkdir(folder, { mode: 0o700 })
    await writeFile(join(folder, 'log-in.json'), JSON.stringify(logIn), { mode: 0o600 })
  }
  return {
    file,
    folder,
    connectArgs: (...args) => [...cordonCommand.args, 'connect', ...args, '--profile', file],
  }
}

/** `cordon connect --listen 0`. */
export const startHttpFront = async (
  t: TestContext,
  { connectArgs }: ConnectProfile,
): Promise<{ readonly url: string; readonly pid: number; end(): Promise<void> }> => {
  const child = spawn(process.execPath, connectArgs('--listen', '0'), { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(child, 'exit')
  const end = async (): Promise<void> => {
    child.kill('SIGTERM')
    await exited
  }
  t.after(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const lines = createInterface({ input: child.stderr })
  for await (const line of lines) {
    const url = /(http:\/\/127\.0\.0\.1:\d+)\/mcp/.exec(line)?.[1]
    if (url === undefined) continue
    child.stderr.resume()
    return { url, pid: child.pid!, end }
  }
  throw new Error('cordon connect --listen: expected an address, got the end of its output')
}
