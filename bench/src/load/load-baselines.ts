import { BaselineBuilder, type Baselines, type SessionEvent } from '@cordon/risk'

import type { LoadRecord } from './made-session.ts'
import { sessionLoad } from './session-load.ts'

const lessons = { eventsPerSecond: 1000, durationMs: 60_000, badShare: 0 } as const

/** What the load's agents normally do, learned from sessions of the same kind that stayed good. */
export const learnLoadBaselines = (seed: number): Baselines => {
  const logs = new Map<string, SessionEvent[]>()
  for (const { sessionId, dueMs, record } of sessionLoad({ ...lessons, seed, partitions: 1 })) {
    const log = logs.get(sessionId) ?? []
    logs.set(sessionId, log)
    log.push(eventOf(record, Math.floor(dueMs)))
  }
  const builder = new BaselineBuilder()
  for (const log of logs.values()) builder.learn(log)
  return builder.baselines()
}

/** A record of the load as the kernel takes it. */
export const eventOf = (record: LoadRecord, at: number): SessionEvent => {
  switch (record.name) {
    case 'SessionOpened':
      return { name: record.name, value: record.value(at), at }
    case 'InvocationAttempted':
      return { name: record.name, value: record.value(at), at }
    case 'InvocationCompleted':
      return { name: record.name, value: record.value(at), at }
    case 'SessionEnded':
      return { name: record.name, value: record.value(at), at }
  }
}
