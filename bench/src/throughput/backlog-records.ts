import type { OutgoingRecord, RecordCodec } from '@cordon/stream'

import { outgoing } from '../load/outgoing-record.ts'
import { sessionLoad } from '../load/session-load.ts'
import type { Backlog, BacklogPlan } from './backlog-questions.ts'

const tickMs = 1000

/** The records of a backlog, as they would have come in over its time, and in the end what there was of them. */
export function* backlogRecords(
  plan: Omit<BacklogPlan, 'access'>,
  codec: RecordCodec,
  /** Of the first record, milliseconds since the Unix epoch. */
  startAt: number,
): Generator<OutgoingRecord, Backlog, undefined> {
  const live = new Set<string>()
  let [events, bytes, ticks, liveAtMost, sessions, nextTickMs] = [0, 0, 0, 0, 0, tickMs]
  for (const due of sessionLoad({ ...plan, durationMs: Number.POSITIVE_INFINITY })) {
    for (; due.dueMs >= nextTickMs; nextTickMs += tickMs) {
      for (let partition = 0; partition < plan.partitions; partition += 1) {
        ticks += 1
        yield tick(partition, codec, startAt + nextTickMs)
      }
    }
    const now = startAt + Math.floor(due.dueMs)
    const record = { ...outgoing(due, codec, now), timestamp: now }
    bytes += record.value?.length ?? 0
    if (due.record.name === 'SessionOpened') {
      live.add(due.sessionId)
      sessions += 1
      liveAtMost = Math.max(liveAtMost, live.size)
    } else if (due.record.name === 'SessionEnded') live.delete(due.sessionId)
    yield record
    events += 1
    if (events === plan.events) break
  }
  return { records: events + ticks, bytes, ticks, liveAtMost, sessions }
}

const tick = (partition: number, codec: RecordCodec, tickedAt: number): OutgoingRecord => ({
  topic: 'session-events',
  partition,
  key: '\0tick',
  value: codec.encode('session-events', 'Tick', { partition, tickedAt, baselines: [] }),
  timestamp: tickedAt,
})
