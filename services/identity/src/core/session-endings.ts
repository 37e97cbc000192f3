import type { Clock, SessionId } from '@cordon/foundation'

import type { SessionDecisions, SessionLog } from '../ports.ts'
import type { SessionEnding, SessionStore } from '../ports/session-store.ts'
import type { EndReason } from './end-reason.ts'

export interface SessionEndingsPorts {
  readonly clock: Clock
  readonly log: SessionLog
  readonly store: SessionStore
  readonly decisions: SessionDecisions
}

/**
 * Ends sessions: first in the database, so that no token is renewed and no crash forgets it, then in the log, where it counts
 * for everybody else. What the log did not take is written again by `endRest`.
 */
export interface SessionEndings {
  /** Whether the end of a session is on its way, here, and no decision says so yet. */
  isEnding(sessionId: SessionId): boolean
  /** @returns the sessions whose end is in the log now */
  end(endings: readonly SessionEnding[]): Promise<readonly SessionId[]>
  /** In the log only: for a session that the database does not hold. @returns whether it took the end */
  record(sessionId: SessionId, reason: EndReason): Promise<boolean>
  /** In the database only: the log has these ends. */
  settle(endings: readonly SessionEnding[]): Promise<void>
  /** Ends that the log did not take before. @returns those that it has now */
  endRest(): Promise<readonly SessionEnding[]>
}

export const createSessionEndings = (ports: SessionEndingsPorts): SessionEndings => {
  const { clock, decisions, log, store } = ports
  /** Ends that the scorer has not answered yet. */
  const ending = new Set<SessionId>()

  const append = async ({ sessionId, reason, endedAt }: SessionEnding): Promise<boolean> => {
    ending.add(sessionId)
    const written = await log.append(sessionId, {
      name: 'SessionEnded',
      value: { sessionId, endedAt, reason },
    })
    if (!written) ending.delete(sessionId)
    return written
  }

  const recordAll = async (endings: readonly SessionEnding[]): Promise<readonly SessionEnding[]> => {
    const written = await Promise.all(endings.map(append))
    const recorded = endings.filter((_, index) => written[index])
    if (recorded.length > 0) await store.endRecorded(recorded.map(({ sessionId }) => sessionId))
    return recorded
  }

  const forgetAnswered = (): void => {
    for (const sessionId of ending) {
      const standing = decisions.standing(sessionId)
      if (standing === undefined || standing === 'ended') ending.delete(sessionId)
    }
  }

  return {
    isEnding: sessionId => ending.has(sessionId),
    end: async endings => {
      if (endings.length === 0) return []
      await store.end(endings)
      const recorded = await recordAll(endings)
      return recorded.map(({ sessionId }) => sessionId)
    },
    record: async (sessionId, reason) => append({ sessionId, reason, endedAt: clock.now() }),
    settle: async endings => {
      await store.end(endings)
      await store.endRecorded(endings.map(({ sessionId }) => sessionId))
    },
    endRest: async () => {
      forgetAnswered()
      return recordAll(await store.unrecordedEnds())
    },
  }
}
