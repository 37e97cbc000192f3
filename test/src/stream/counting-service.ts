import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

import type { KafkaClientSettings } from '@cordon/stream'

/** A counting service in a process of its own. */
export interface CountingService {
  /** What it said, a line each. */
  readonly said: readonly string[]
  kill(signal: NodeJS.Signals): void
}

export const startCountingService = (
  test: { after(close: () => void): void },
  { brokers, topicPrefix }: KafkaClientSettings,
): CountingService => {
  const program = new URL('counting-service.process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [program, brokers.join(','), topicPrefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: string[] = []
  createInterface(child.stdout).on('line', line => said.push(line))
  test.after(() => void child.kill('SIGKILL'))
  return { said, kill: signal => void child.kill(signal) }
}

/** Partitions whose tasks run in a service. */
export const runningIn = ({ said }: CountingService): number => {
  const states = new Map(said.filter(line => line.includes('→')).map(line => [line.split(':')[0], line]))
  return [...states.values()].filter(line => line.endsWith('→ running')).length
}
