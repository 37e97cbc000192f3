import { maxClockLagMs } from '@cordon/risk'

import type { SessionEntry } from './session-entry.ts'

/**
 * Which sessions a tick must look at. An index of the states, so that a tick costs what is due and not what exists; its
 * order follows from the states alone, because outputs follow from it.
 */
export class Schedule {
  /** Under suspicion: time alone may change what they may do. */
  readonly #restless = new Set<string>()
  /** Session → record time of its end; in that order, but for the lag that an engine's clock is allowed. */
  readonly #ended = new Map<string, number>()

  static of(entries: Iterable<readonly [string, SessionEntry]>): Schedule {
    const schedule = new Schedule()
    const ended: [string, SessionEntry][] = []
    for (const [sessionId, entry] of entries) {
      if (entry.session.standing === 'ended') ended.push([sessionId, entry])
      else schedule.note(sessionId, entry)
    }
    ended.sort(([, a], [, b]) => a.session.standingSince - b.session.standingSince)
    for (const [sessionId, entry] of ended) schedule.note(sessionId, entry)
    return schedule
  }

  /** To be told of every entry that changes. */
  note(sessionId: string, { session }: SessionEntry): void {
    const { standing, band } = session
    if (standing === 'ended') this.#ended.set(sessionId, session.standingSince)
    if (standing === 'verify' || standing === 'read_only' || (standing === 'trusted' && band > 0)) {
      this.#restless.add(sessionId)
    } else {
      this.#restless.delete(sessionId)
    }
  }

  forget(sessionId: string): void {
    this.#ended.delete(sessionId)
  }

  restless(): readonly string[] {
    return [...this.#restless].sort()
  }

  /** Sessions that ended before `before`, milliseconds since the Unix epoch. */
  ended(before: number): readonly string[] {
    const due: string[] = []
    for (const [sessionId, endedAt] of this.#ended) {
      if (endedAt >= before + maxClockLagMs) break
      if (endedAt < before) due.push(sessionId)
    }
    return due.sort()
  }
}
