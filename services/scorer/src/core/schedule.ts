import type { SessionGlance } from '@cordon/risk'
import type { StateChange } from '@cordon/stream'

import { DueQueue } from './due-queue.ts'
import { isSession } from './scorer-state.ts'
import type { ScorerState } from './scorer-state.ts'

/**
 * Which sessions a tick must look at: an index of the states, so that a tick decodes none but those. What it answers
 * follows from the states alone, whether it was built anew or kept up, because outputs follow from it.
 */
export class Schedule {
  /** Under suspicion, so that time alone may change what they may do, or waiting for a call that is missing. */
  readonly #restless = new Set<string>()
  /** By the record time of their end. */
  readonly #ended = new DueQueue()

  static of(glances: Iterable<readonly [string, SessionGlance | undefined]>): Schedule {
    const schedule = new Schedule()
    for (const [key, glance] of glances) schedule.#set(key, glance)
    return schedule
  }

  /** To be told of every change; whoever ended does not come back but by being forgotten. */
  note({ key, state }: StateChange<ScorerState>): void {
    this.#set(key, state !== null && isSession(state) ? state.session : undefined)
  }

  #set(key: string, session: SessionGlance | undefined): void {
    // An end is final, so who has not ended is not here: with every event of a session it would be looked for in vain.
    if (session === undefined) this.#ended.delete(key)
    else if (session.standing === 'ended') this.#ended.set(key, session.standingSince)
    if (session !== undefined && isRestless(session)) this.#restless.add(key)
    else if (this.#restless.size > 0) this.#restless.delete(key)
  }

  /** In the order of their ids. */
  restless(): readonly string[] {
    return [...this.#restless].sort()
  }

  /** Who has been ended for longest first. @param time milliseconds since the Unix epoch @param most so many of them */
  endedBefore(time: number, most: number): readonly string[] {
    return this.#ended.dueBefore(time, most)
  }
}

// A suspension latches, and below the first band there is nothing to fall to.
const isRestless = ({ standing, band, isAwaiting }: SessionGlance): boolean =>
  isAwaiting || standing === 'verify' || standing === 'read_only' || (standing === 'trusted' && band > 0)
