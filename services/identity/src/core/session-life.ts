import type { SessionId } from '@cordon/foundation'

import type { SessionEnding } from '../ports/session-store.ts'
import { delegatorOf, type PrincipalFacts } from './principal-of.ts'
import { revokedScope } from './revocation-scope.ts'
import type { SessionEndings } from './session-endings.ts'
import type { SessionsPorts } from './sessions-ports.ts'

/** Ends what is over, whether or not anybody asks. */
export interface SessionLife {
  /** A call of the session was seen. @param at milliseconds since the Unix epoch */
  acted(sessionId: SessionId, at: number): void
  /** Ends what is over. @returns what is in the log now */
  endDue(): Promise<readonly Omit<SessionEnding, 'endedAt'>[]>
  /** Puts down which sessions acted since the last time. */
  keepActivity(): Promise<void>
}

/** @param watchedSince since when calls are seen */
export const createSessionLife = (
  ports: SessionsPorts,
  endings: SessionEndings,
  watchedSince: number,
): SessionLife => {
  const { clock, decisions, store } = ports
  const activity = new Map<SessionId, number>()

  const keepActivity = async (): Promise<void> => {
    if (activity.size === 0) return
    const kept = new Map(activity)
    activity.clear()
    await store.touch(kept)
  }

  /** A session ends where one above it is suspended, or revoked in whatever way: whoever hands work on answers for it. */
  const orphans = async (): Promise<readonly Omit<SessionEnding, 'endedAt'>[]> => {
    const active = ports.revocations.active()
    const isOrphan = (session: PrincipalFacts): boolean => {
      const delegator = delegatorOf(session)
      const isRevoked = delegator !== undefined && revokedScope(active, delegator) !== undefined
      return isRevoked || session.ancestors.some(ancestor => isOut(decisions.standing(ancestor)))
    }
    const delegated = await store.delegated()
    return delegated.filter(isOrphan).map(({ sessionId }) => ({ sessionId, reason: 'parent-ended' }))
  }

  /** Known by its decision only: the database that held it is gone. Its age is in its id. */
  const unheld = async (now: number, sessionLifeMs: number): Promise<readonly SessionId[]> => {
    const old = [...decisions.open()].filter(
      sessionId => !endings.isEnding(sessionId) && openedAt(sessionId) + sessionLifeMs <= now,
    )
    const written = await Promise.all(old.map(async sessionId => endings.record(sessionId, 'expired')))
    return old.filter((_, index) => written[index])
  }

  return {
    acted: (sessionId, at) => {
      activity.set(sessionId, Math.max(at, activity.get(sessionId) ?? 0))
    },
    keepActivity,
    endDue: async () => {
      const bundle = ports.bundles.current()
      if (bundle === undefined) return []
      const now = clock.now()
      const { idleMs, renewalGraceMs, sessionLifeMs } = bundle.identity.limits
      const rest = await endings.endRest()
      await keepActivity()
      const due = [...(await store.due({ now, idleMs, renewalGraceMs, watchedSince })), ...(await orphans())]
      const recorded = new Set(await endings.end(due.map(each => ({ ...each, endedAt: now }))))
      const expired = await unheld(now, sessionLifeMs)
      return [
        ...rest,
        ...due.filter(({ sessionId }) => recorded.has(sessionId)),
        ...expired.map(sessionId => ({ sessionId, reason: 'expired' }) as const),
      ]
    },
  }
}

const isOut = (standing: string | undefined): boolean => standing === 'suspended' || standing === 'ended'

/**
 * When a session was opened, read from its id: a UUIDv7 begins with 48 bits of milliseconds (RFC 9562 §5.7). So a session
 * expires on time even if all that is known of it is its id.
 */
const openedAt = (sessionId: SessionId): number => {
  const uuid = sessionId.slice(sessionId.indexOf('.') + 1)
  return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16)
}
