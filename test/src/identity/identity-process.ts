import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { testSigner } from '../support/test-signer.ts'

const entry = fileURLToPath(new URL('../../../services/identity/src/main.ts', import.meta.url))

const startupSecret = 'the-start-up-secret-of-the-test'

const bundle = {
  version: 1,
  catalogue: {
    'files/read_file': { readOnly: true, sensitivity: 1, mode: 'enforce' },
    'postgres/query': { readOnly: true, sensitivity: 1, mode: 'enforce' },
  },
  roles: { analyst: { priorLogit: -4 } },
  thresholds: { verify: 3, readOnly: 5, suspend: 7 },
  decisionKeys: [testSigner.key],
}

/** A line of a service's log. */
interface LogLine {
  readonly level: string
  readonly msg: string
  readonly port?: number
  readonly operationsPort?: number
}

/** Identity as a process of its own. */
export interface IdentityProcess {
  readonly url: string
  readonly operationsUrl: string
  readonly log: readonly LogLine[]
  ask(method: string, path: string, body?: object): Promise<{ status: number; body: Answered }>
  /** @returns the exit code */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

/** What identity answers, as far as a test looks at it. */
interface Answered {
  readonly sessionId: string
  readonly tokens: Readonly<Record<string, string>>
  readonly expiresAt: string
  readonly endsAt: string
  readonly error: string
  readonly keys: readonly unknown[]
}

/** The files that stay when a process goes. */
export interface IdentityFiles {
  readonly folder: string
  readonly variables: Readonly<Record<string, string>>
}

export const makeIdentityFiles = async (test: {
  after(close: () => Promise<void>): void
}): Promise<IdentityFiles> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-test-identity-'))
  test.after(async () => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'secret'), startupSecret, { mode: 0o600 })
  await writeFile(join(folder, 'bundle.json'), JSON.stringify(bundle))
  return {
    folder,
    variables: {
      CORDON_STARTUP_SECRET_FILE: join(folder, 'secret'),
      CORDON_IDENTITY_KEY_FILE: join(folder, 'key.pem'),
      CORDON_BUNDLE_FILE: join(folder, 'bundle.json'),
    },
  }
}

/** Resolves when identity serves. */
export const startIdentityProcess = async (
  variables: Readonly<Record<string, string>>,
): Promise<IdentityProcess> => {
  const child = spawn(process.execPath, [entry], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      CORDON_IDENTITY_PORT: '0',
      CORDON_ISSUER: 'https://identity.example',
      CORDON_EXIT_WITH_STDIN: 'true',
      ...variables,
    },
  })
  const exited = once(child, 'exit')
  const log: LogLine[] = []
  const serving = Promise.withResolvers<LogLine>()
  createInterface(child.stdout).on('line', text => {
    const line = JSON.parse(text) as LogLine
    log.push(line)
    if (line.msg === 'serving') serving.resolve(line)
  })
  const { port, operationsPort } = await Promise.race([
    serving.promise,
    exited.then(([code]) => Promise.reject(new Error(`identity: expected to serve, got exit ${code}`))),
  ])
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    operationsUrl: `http://127.0.0.1:${operationsPort}`,
    log,
    ask: async (method, path, body) => {
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${startupSecret}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: JSON.parse(text === '' ? '{}' : text) as Answered }
    },
    stop: async signal => {
      child.kill(signal)
      await exited
      return child.exitCode
    },
  }
}
