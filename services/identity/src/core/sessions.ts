import type { SessionId } from '@cordon/foundation'

import { createAbandonedSessions } from './abandoned-sessions.ts'
import { judgeRenewal } from './judge-renewal.ts'
import { type Answer, granted, refused } from './refusal.ts'
import { createSessionEndings } from './session-endings.ts'
import { createSessionOpening, type SessionLimits, type SessionOpeningPorts } from './session-opening.ts'
import type { HeldSession, SessionRequest } from './session-request.ts'
import { type IssuedTokens, issueTokens } from './session-tokens.ts'

/** A session with the tokens that it may use now. */
export interface SessionWithTokens extends IssuedTokens {
  readonly sessionId: SessionId
  /** When its longest life is over. Milliseconds since the Unix epoch. */
  readonly endsAt: number
}

export type SessionsPorts = Omit<SessionOpeningPorts, 'abandoned'>

/** Opens, renews and ends sessions. */
export interface Sessions {
  open(request: SessionRequest): Promise<Answer<SessionWithTokens>>
  renew(sessionId: SessionId): Promise<Answer<SessionWithTokens>>
  end(sessionId: SessionId): Promise<Answer<undefined>>
  /** Ends what has outlived its longest life. @returns how many ends were put on record */
  endExpired(): Promise<number>
  /** Ends sessions whose opening failed while the log did not answer. */
  endAbandoned(): Promise<void>
}

/**
 * What was granted to a session is held in memory only. After a restart the sessions opened before go on with the tokens
 * that they have, can be ended and expire, and are told plainly that they cannot be renewed.
 */
export const createSessions = (ports: SessionsPorts, limits: SessionLimits): Sessions => {
  const { clock, decisions } = ports
  const held = new Map<SessionId, HeldSession>()
  const endings = createSessionEndings(ports, limits.sessionLifeMs)
  const abandoned = createAbandonedSessions({ clock, decisions, endings })
  const openSession = createSessionOpening({ ...ports, abandoned }, limits)

  return {
    open: async request => {
      const opened = await openSession(request)
      if (!opened.ok) return opened
      const { session, issued } = opened.value
      held.set(session.sessionId, session)
      return granted(withTokens(session, issued))
    },

    renew: async sessionId => {
      const bundle = ports.bundles.current()
      if (bundle === undefined) return refused('BUNDLE_MISSING', 'bundle: expected a valid one, got none')
      const now = clock.now()
      const judged = judgeRenewal({
        session: held.get(sessionId),
        standing: decisions.standing(sessionId),
        over: endings.isOver(sessionId, now),
        decisionsStaleMs: decisions.staleness,
        staleAfterMs: bundle.failSafe.staleAfterMs,
      })
      if (!judged.ok) return judged
      const issued = await issueTokens(ports.issuer, judged.value, now)
      return issued.ok ? granted(withTokens(judged.value, issued.value)) : issued
    },

    end: async sessionId => endings.end(sessionId),

    endAbandoned: async () => abandoned.endAll(),

    endExpired: async () => {
      const expired = await endings.endExpired()
      for (const sessionId of held.keys()) if (isGone(decisions.standing(sessionId))) held.delete(sessionId)
      return expired.length
    },
  }
}

const withTokens = ({ sessionId, endsAt }: HeldSession, issued: IssuedTokens): SessionWithTokens => ({
  sessionId,
  endsAt,
  ...issued,
})

const isGone = (standing: string | undefined): boolean => standing === undefined || standing === 'ended'
