import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { eventually } from '../support/eventually.ts'
import { processEnvironment } from '../support/process-environment.ts'

const mainFile = fileURLToPath(new URL('../../../services/scorer/src/main.ts', import.meta.url))
const startTimeoutMs = 30_000

/** The scorer in a process of its own, as it is deployed. */
export interface ScorerProcess {
  /** Partitions that it took over so far, in that order. */
  readonly takenOver: readonly number[]
  /** Warnings and errors that it logged. */
  readonly complaints: readonly string[]
  /** @param path of the operations server */
  ask(path: '/readyz' | '/metrics'): Promise<string>
  /** As `kill -9` does. */
  kill(): Promise<void>
  /** Drains. Resolves with the exit code. */
  stop(): Promise<number | null>
}

/** Resolves when it is a member of its group. @param variables on top of an empty environment */
export const startScorerProcess = async (
  cleanUp: { after(end: () => Promise<void>): void },
  variables: Readonly<Record<string, string>>,
): Promise<ScorerProcess> => {
  const child = spawn(process.execPath, [mainFile], {
    env: { ...processEnvironment(), CORDON_EXIT_WITH_STDIN: 'true', ...variables },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal)
    const [code] = (await exited) as [number | null]
    return code
  }
  cleanUp.after(async () => void (await end('SIGKILL')))

  const takenOver: number[] = []
  const complaints: string[] = []
  let operationsPort: number | undefined
  createInterface({ input: child.stdout }).on('line', line => {
    const entry = JSON.parse(line) as LogEntry
    if (entry.msg === 'partition taken over') takenOver.push(entry.partition!)
    if (entry.msg === 'scoring') operationsPort = entry.operationsPort
    if (entry.level === 'warn' || entry.level === 'error') complaints.push(line)
  })
  createInterface({ input: child.stderr }).on('line', line => complaints.push(line))
  await eventually(
    'the scorer to start',
    () => {
      assert.equal(child.exitCode, null, complaints.join('\n'))
      return operationsPort !== undefined
    },
    startTimeoutMs,
  )
  return {
    takenOver,
    complaints,
    ask: async path => await (await fetch(`http://127.0.0.1:${operationsPort}${path}`)).text(),
    kill: async () => void (await end('SIGKILL')),
    stop: async () => await end('SIGTERM'),
  }
}

interface LogEntry {
  readonly level: string
  readonly msg: string
  readonly partition?: number
  readonly operationsPort?: number
}
