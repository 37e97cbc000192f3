import type { KeyObject } from 'node:crypto'

import type { JwsAlgorithm } from './jws-algorithm.ts'
import { type JwtFault, verifyJwt } from './jwt.ts'
import { clockSkewMs } from './jwt-times.ts'
import { revokedAtOf, securityEventType, sessionRevokedSchema, subjectOf } from './session-revoked-claims.ts'

/** A provider's word: a human's session there has ended. */
export interface SessionRevokedEvent {
  readonly provider: string
  /** `jti`: unique per event. */
  readonly eventId: string
  /** Whose sessions: all of the human's, where no session is named. */
  readonly human?: string
  /** `sid` at the provider: only what was opened from it, where no human is named of any human. */
  readonly providerSession?: string
  /** Milliseconds since the Unix epoch. A session that was opened later is not meant. */
  readonly revokedAt: number
}

export type SessionRevokedFault =
  | JwtFault
  | 'CLAIMS_MALFORMED'
  | 'ISSUER_REFUSED'
  | 'AUDIENCE_REFUSED'
  | 'SUBJECT_REFUSED'
  | 'ISSUED_IN_FUTURE'
  | 'TOO_OLD'

export type SessionRevokedVerification =
  | { readonly ok: true; readonly event: SessionRevokedEvent }
  | { readonly ok: false; readonly reason: SessionRevokedFault }

/** Such a token does not expire. A provider that was cut off for longer than this has nothing new to say. */
const maxAgeMs = 7 * 24 * 60 * 60 * 1000

/** Synchronous; no I/O. Whether the event was received before is for the caller: `eventId` is unique per provider. */
export const verifySetSessionRevoked = (
  text: string,
  expected: {
    /** `iss` of the provider. */
    readonly provider: string
    /** Its keys by `kid`. */
    readonly keys: ReadonlyMap<string, KeyObject>
    /** What the bundle lets it sign with. */
    readonly algorithms: readonly JwsAlgorithm[]
    /** What `aud` may name: one of them is enough. */
    readonly audiences: readonly string[]
    /** Milliseconds since the Unix epoch. */
    readonly now: number
  },
): SessionRevokedVerification => {
  const jwt = verifyJwt(text, {
    type: securityEventType,
    keys: expected.keys,
    algorithms: expected.algorithms,
  })
  if (!jwt.ok) return jwt
  const { success, data: claims } = sessionRevokedSchema.safeParse(jwt.claims)
  if (!success) return refused('CLAIMS_MALFORMED')
  if (claims.iss !== expected.provider) return refused('ISSUER_REFUSED')
  if (!claims.aud.some(audience => expected.audiences.includes(audience))) return refused('AUDIENCE_REFUSED')
  if (claims.iat * 1000 > expected.now + clockSkewMs) return refused('ISSUED_IN_FUTURE')
  if (claims.iat * 1000 < expected.now - maxAgeMs) return refused('TOO_OLD')
  const { user, session } = subjectOf(claims)
  // A provider speaks for its own humans only.
  if (user !== undefined && user.issuer !== expected.provider) return refused('SUBJECT_REFUSED')
  return {
    ok: true,
    event: {
      provider: claims.iss,
      eventId: claims.jti,
      ...(user !== undefined && { human: user.subject }),
      ...(session !== undefined && { providerSession: session }),
      // An event of the future would end what is opened meanwhile.
      revokedAt: Math.min(revokedAtOf(claims) * 1000, expected.now),
    },
  }
}

const refused = (reason: SessionRevokedFault): SessionRevokedVerification => ({ ok: false, reason })
