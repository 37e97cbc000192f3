import { seededRandom } from '@cordon/foundation'

import { longestMs, makeSession, meanRecords } from './made-session.ts'
import type { DueRecord, SessionShape } from './made-session.ts'

export interface SessionLoadOptions extends SessionShape {
  readonly seed: number
  readonly eventsPerSecond: number
  readonly durationMs: number
}

/**
 * Sessions that start at random, work and end: their records in the order in which they are due, made as they are drawn,
 * so that minutes of load need no memory. Level from the first moment on: sessions are under way when it starts.
 */
export function* sessionLoad(options: SessionLoadOptions): Generator<DueRecord, void, undefined> {
  const random = seededRandom(options.seed)
  const sessionsPerMs = options.eventsPerSecond / 1000 / meanRecords
  const betweenStarts = (): number => -Math.log(1 - random()) / sessionsPerMs
  // Records by the millisecond in which they are due.
  const due = new Map<number, DueRecord[]>()
  let startMs = -longestMs + betweenStarts()
  for (let now = -Math.ceil(longestMs); now < options.durationMs; now += 1) {
    for (; startMs < now + 1; startMs += betweenStarts()) {
      for (const record of underWay(makeSession(random, startMs, options))) {
        const millisecond = Math.floor(record.dueMs)
        const neighbours = due.get(millisecond)
        if (neighbours === undefined) due.set(millisecond, [record])
        else neighbours.push(record)
      }
    }
    const records = due.get(now)
    if (records === undefined) continue
    due.delete(now)
    yield* records.sort((a, b) => a.dueMs - b.dueMs)
  }
}

// A session that started before the load is opened with its first record that falls into it.
const underWay = (session: readonly DueRecord[]): readonly DueRecord[] => {
  const [opened, ...rest] = session
  if (opened === undefined || opened.dueMs >= 0) return session
  const [first, ...others] = rest.filter(({ dueMs }) => dueMs >= 0)
  return first === undefined ? [] : [{ ...opened, dueMs: first.dueMs }, ...others]
}
