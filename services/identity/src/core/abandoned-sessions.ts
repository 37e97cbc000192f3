import type { Clock, SessionId } from '@cordon/foundation'

import type { SessionDecisions } from '../ports.ts'
import type { SessionEndings } from './session-endings.ts'

export interface AbandonedSessionsPorts {
  readonly clock: Clock
  readonly decisions: SessionDecisions
  readonly endings: SessionEndings
}

/** Sessions whose opening failed, until it is certain that they have ended in the log. */
export interface AbandonedSessions {
  /** Whether no more may be opened, because the ends of too many could not be put on record yet. */
  readonly isFull: boolean
  /**
   * Ends a session now, or with a later `endAll` where the log does not answer.
   * @param isOnRecord whether its opening is; where not, it may still come, also after the end
   */
  abandon(sessionId: SessionId, isOnRecord: boolean): void
  /** Tries again what is not certain yet. */
  endAll(): Promise<void>
}

/** Enough for a burst while the brokers are away; a caller who goes on is told at once instead. */
const maxAbandoned = 1000
/** An opening that was given up comes at most as late as a broker keeps a request that it has read. */
const lateOpeningMs = 60_000

interface Abandoned {
  readonly isOpeningOnRecord: boolean
  isWriting: boolean
  /** When the end was put on record. Milliseconds since the Unix epoch. */
  endedAt: number | undefined
}

export const createAbandonedSessions = (ports: AbandonedSessionsPorts): AbandonedSessions => {
  const { clock, decisions, endings } = ports
  const sessions = new Map<SessionId, Abandoned>()

  const write = async (sessionId: SessionId, abandoned: Abandoned): Promise<void> => {
    abandoned.isWriting = true
    try {
      if (await endings.record(sessionId, 'abandoned')) abandoned.endedAt = clock.now()
    } finally {
      abandoned.isWriting = false
    }
  }

  const settle = async (): Promise<void> => {
    const certain = [...sessions].filter(([sessionId, abandoned]) => isCertain(sessionId, abandoned))
    if (certain.length === 0) return
    await endings.settle(
      certain.map(([sessionId]) => ({ sessionId, reason: 'abandoned', endedAt: clock.now() })),
    )
    for (const [sessionId] of certain) sessions.delete(sessionId)
  }

  /** An end before its opening ends nothing: then the session shows as open, and has to be ended again. */
  const isCertain = (sessionId: SessionId, { isOpeningOnRecord, endedAt }: Abandoned): boolean => {
    if (endedAt === undefined) return false
    const standing = decisions.standing(sessionId)
    if (isOpeningOnRecord || standing === 'ended') return true
    return standing === undefined && endedAt + lateOpeningMs <= clock.now()
  }

  const isToBeWritten = (sessionId: SessionId, { isWriting, endedAt }: Abandoned): boolean =>
    !isWriting && (endedAt === undefined || isOpen(decisions.standing(sessionId)))

  return {
    get isFull() {
      return sessions.size >= maxAbandoned
    },
    abandon: (sessionId, isOpeningOnRecord) => {
      const abandoned = { isOpeningOnRecord, isWriting: false, endedAt: undefined }
      sessions.set(sessionId, abandoned)
      void write(sessionId, abandoned)
    },
    endAll: async () => {
      await Promise.all(
        [...sessions]
          .filter(([sessionId, abandoned]) => isToBeWritten(sessionId, abandoned))
          .map(([sessionId, abandoned]) => write(sessionId, abandoned)),
      )
      await settle()
    },
  }
}

const isOpen = (standing: string | undefined): boolean => standing !== undefined && standing !== 'ended'
