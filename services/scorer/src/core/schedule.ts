import type { SessionGlance } from '@cordon/risk'
import type { StateChange } from '@cordon/stream'

import { isSession } from './scorer-state.ts'
import type { ScorerState } from './scorer-state.ts'

/**
 * Which sessions a tick must look at: an index of the states, so that a tick decodes none but those. What it answers
 * follows from the states alone, whether it was built anew or kept up, because outputs follow from it.
 */
export class Schedule {
  /** Under suspicion: time alone may change what they may do. */
  readonly #restless = new Set<string>()
  /** Session → record time of its end. */
  readonly #ended = new Map<string, number>()

  static of(glances: Iterable<readonly [string, SessionGlance | undefined]>): Schedule {
    const schedule = new Schedule()
    for (const [key, glance] of glances) schedule.#set(key, glance)
    return schedule
  }

  /** To be told of every change. */
  note({ key, state }: StateChange<ScorerState>): void {
    this.#set(key, state !== null && isSession(state) ? state.session : undefined)
  }

  #set(key: string, session: SessionGlance | undefined): void {
    if (session?.standing === 'ended') this.#ended.set(key, session.standingSince)
    else this.#ended.delete(key)
    if (session !== undefined && isRestless(session)) this.#restless.add(key)
    else this.#restless.delete(key)
  }

  /** In the order of their ids. */
  restless(): readonly string[] {
    return [...this.#restless].sort()
  }

  /** In the order of their ids. @param time milliseconds since the Unix epoch */
  endedBefore(time: number): readonly string[] {
    const due: string[] = []
    for (const [sessionId, endedAt] of this.#ended) if (endedAt < time) due.push(sessionId)
    return due.sort()
  }
}

// A suspension latches, and below the first band there is nothing to fall to.
const isRestless = ({ standing, band }: SessionGlance): boolean =>
  standing === 'verify' || standing === 'read_only' || (standing === 'trusted' && band > 0)
