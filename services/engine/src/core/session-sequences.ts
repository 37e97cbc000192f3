import type { SessionId } from '@cordon/foundation'

import type { AttemptSequences } from '../ports.ts'

/** The attempts of every session that is not over. */
export interface SessionSequences extends AttemptSequences {
  /** The session is over. */
  forget(sessionId: SessionId): void
}

export const createSessionSequences = (): SessionSequences => {
  const nextOf = new Map<SessionId, number>()
  return {
    next(sessionId) {
      const sequence = nextOf.get(sessionId) ?? 0
      nextOf.set(sessionId, sequence + 1)
      return sequence
    },
    forget(sessionId) {
      nextOf.delete(sessionId)
    },
  }
}
