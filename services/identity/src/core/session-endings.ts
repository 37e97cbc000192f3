import type { Clock, SessionId } from '@cordon/foundation'

import type { SessionDecisions, SessionLog } from '../ports.ts'
import { type Answer, granted, refused } from './refusal.ts'
import { openedAt } from './session-life.ts'

/** Why a session ended, as its log says. */
type EndReason = 'closed' | 'expired' | 'abandoned'

export interface SessionEndingsPorts {
  readonly clock: Clock
  readonly log: SessionLog
  readonly decisions: SessionDecisions
}

/** Ends sessions, each once. Knows them by the decisions, so that it also ends what an earlier process opened. */
export interface SessionEndings {
  /** Whether the longest life of a session is over, or its end is on its way. */
  isOver(sessionId: SessionId, now: number): boolean
  /** @returns whether the end is on record */
  write(sessionId: SessionId, reason: EndReason): Promise<boolean>
  end(sessionId: SessionId): Promise<Answer<undefined>>
  /** Ends what has outlived its longest life. @returns the sessions whose end is on record now */
  endExpired(): Promise<readonly SessionId[]>
}

export const createSessionEndings = (ports: SessionEndingsPorts, sessionLifeMs: number): SessionEndings => {
  const { clock, decisions } = ports
  /** Ends that the scorer has not answered yet. */
  const ending = new Set<SessionId>()

  const isExpired = (sessionId: SessionId, now: number): boolean => openedAt(sessionId) + sessionLifeMs <= now

  const write = async (sessionId: SessionId, reason: EndReason): Promise<boolean> => {
    // From now on, not from the acknowledgement on: no token may be renewed in between.
    ending.add(sessionId)
    const value = { sessionId, endedAt: clock.now(), reason }
    const written = await ports.log.append(sessionId, { name: 'SessionEnded', value })
    if (!written) ending.delete(sessionId)
    return written
  }

  const forgetAnswered = (): void => {
    for (const sessionId of ending) {
      const standing = decisions.standing(sessionId)
      if (standing === undefined || standing === 'ended') ending.delete(sessionId)
    }
  }

  return {
    isOver: (sessionId, now) => ending.has(sessionId) || isExpired(sessionId, now),
    write,
    end: async sessionId => {
      const standing = decisions.standing(sessionId)
      if (standing === undefined)
        return refused(
          'SESSION_UNKNOWN',
          'session: expected the id of a session that was opened and decided on, got another',
        )
      if (standing === 'ended' || ending.has(sessionId) || (await write(sessionId, 'closed')))
        return granted(undefined)
      return refused('LOG_UNAVAILABLE', 'session log: expected the end to be acknowledged, got no answer')
    },
    endExpired: async () => {
      forgetAnswered()
      const now = clock.now()
      const expired = [...decisions.open()].filter(id => !ending.has(id) && isExpired(id, now))
      const written = await Promise.all(expired.map(async id => write(id, 'expired')))
      return expired.filter((_, index) => written[index])
    },
  }
}
