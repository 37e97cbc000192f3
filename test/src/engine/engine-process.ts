import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { processEnvironment } from '../support/process-environment.ts'

const mainFile = fileURLToPath(new URL('../../../services/engine/src/main.ts', import.meta.url))

/** The engine in a process of its own, as it is deployed. */
export interface EngineProcess {
  /** Its log lines so far, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[]
  readonly operationsUrl: string
  /** As `kill -9` does; resolves when it is gone. */
  kill(): Promise<void>
  /** Resolves with the exit code. */
  stop(how: 'SIGTERM' | 'stdin'): Promise<number | null>
}

/**
 * Resolves when the engine listens.
 * @param variables on top of an empty environment
 * @param startTimeoutMs more than it needs to listen, or to say why it cannot
 */
export const startEngineProcess = async (
  variables: Readonly<Record<string, string>>,
  startTimeoutMs = 30_000,
): Promise<EngineProcess> => {
  const child: ChildProcess = spawn(process.execPath, [mainFile], {
    env: { ...processEnvironment(), CORDON_EXIT_WITH_STDIN: 'true', ...variables },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const log: Readonly<Record<string, unknown>>[] = []
  const complaints: string[] = []
  const listening = Promise.withResolvers<void>()
  createInterface({ input: child.stdout! }).on('line', line => {
    const entry = JSON.parse(line) as Readonly<Record<string, unknown>>
    log.push(entry)
    if (entry['msg'] === 'engine listening') listening.resolve()
  })
  createInterface({ input: child.stderr! }).on('line', line => complaints.push(line))
  void exited.then(() => listening.reject(new Error(`engine ended: ${complaints.join(' ')}`)))
  const timer = setTimeout(() => listening.reject(new Error('engine did not start in time')), startTimeoutMs)
  try {
    await listening.promise
  } finally {
    clearTimeout(timer)
  }

  const operationsPort = log.find(({ msg }) => msg === 'engine listening')?.['operationsPort']
  assert.ok(typeof operationsPort === 'number')
  return {
    log,
    operationsUrl: `http://127.0.0.1:${operationsPort}`,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async stop(how) {
      if (how === 'SIGTERM') child.kill('SIGTERM')
      else child.stdin!.end()
      const [code] = (await exited) as [number | null]
      return code
    },
  }
}
