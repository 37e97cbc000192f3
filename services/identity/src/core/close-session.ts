import { proveRequest } from './prove-request.ts'
import { type Answer, granted, refused } from './refusal.ts'
import type { SessionEndings } from './session-endings.ts'
import type { SessionsPorts } from './sessions-ports.ts'

export type CloseSession = (request: {
  readonly refreshToken: string
  /** `DPoP`. */
  readonly proof: string
}) => Promise<Answer<undefined>>

/**
 * Ends a session for whoever holds its refresh token and its key. A token that nobody knows is no error (RFC 7009 §2.2); ended
 * already, a session is ended.
 */
export const createCloseSession =
  (ports: SessionsPorts, endings: SessionEndings): CloseSession =>
  async ({ refreshToken, proof }) => {
    const { clock, decisions, secrets, store, revokeUrl: url } = ports
    const now = clock.now()
    const proven = proveRequest(proof, { url, now }, secrets)
    if (!proven.ok) return proven
    const stored = await store.findByRefreshToken(secrets.digest(refreshToken))
    if (stored === undefined) return granted(undefined)
    const { session } = stored
    if (session.holder !== proven.value.holder)
      return refused('HOLDER_REFUSED', "proof: expected one by the session's key, got one by another")
    const { sessionId } = session
    if (decisions.standing(sessionId) === 'ended' || endings.isEnding(sessionId)) return granted(undefined)
    const recorded = await endings.end([{ sessionId, reason: 'closed', endedAt: now }])
    return recorded.length > 0
      ? granted(undefined)
      : refused('LOG_UNAVAILABLE', 'session log: expected the end to be acknowledged, got no answer')
  }
