import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { issuer } from './identity-world.ts'
import { processEnvironment } from '../support/process-environment.ts'

const entry = fileURLToPath(new URL('../../../services/identity/src/main.ts', import.meta.url))

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
  /** @returns the exit code */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

/** Resolves when identity serves. */
export const startIdentityProcess = async (
  variables: Readonly<Record<string, string>>,
): Promise<IdentityProcess> => {
  const child = spawn(process.execPath, [entry], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...processEnvironment(),
      CORDON_IDENTITY_PORT: '0',
      CORDON_ISSUER: issuer,
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
  return {
    url: `http://127.0.0.1:${port}`,
    operationsUrl: `http://127.0.0.1:${operationsPort}`,
    log,
    stop: async signal => {
      child.kill(signal)
      await exited
      return child.exitCode
    },
  }
}
