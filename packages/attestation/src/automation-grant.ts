import type { AgentId } from '@cordon/foundation'
import type { Sponsor } from '@cordon/policy'

import { AttestationError } from './attestation-error.ts'
import { claimsOfGrant, grantClaimsSchema, grantOf, grantType } from './grant-claims.ts'
import { type JwtFault, signJwt, verifyJwt } from './jwt.ts'
import { faultOfTimes, type TimeFault } from './jwt-times.ts'
import { registeredKeys, signingParty } from './registered-key.ts'
import type { VoucherKey } from './voucher-key.ts'

/** A sponsor's word: this agent may work for me, without me, with these tools, until then. */
export interface AutomationGrant {
  /** The sponsor's name in the bundle. */
  readonly sponsor: string
  readonly agentId: AgentId
  /** `server/tool` or `server/*`; at most 256. */
  readonly tools: readonly string[]
  /** Whether the agent may hand work on to others; absent: it may not. */
  readonly mayDelegate?: boolean
  /** `jti`: unique per grant. */
  readonly grantId: string
  /** Milliseconds since the Unix epoch, whole seconds. */
  readonly issuedAt: number
  /** Milliseconds since the Unix epoch, whole seconds. */
  readonly expiresAt: number
}

export type GrantFault = JwtFault | TimeFault | 'CLAIMS_MALFORMED' | 'ISSUER_REFUSED' | 'AUDIENCE_REFUSED'

export type GrantVerification =
  { readonly ok: true; readonly grant: AutomationGrant } | { readonly ok: false; readonly reason: GrantFault }

/** A quarter: whoever lets an agent work without them looks at it that often. */
export const maxGrantLifeSeconds: number = 90 * 24 * 60 * 60

/**
 * @param grant times are cut to whole seconds
 * @param audience the issuer of the identity service
 * @throws AttestationError `GRANT_INVALID` where no verifier would accept it
 */
export const issueAutomationGrant = (grant: AutomationGrant, audience: string, key: VoucherKey): string => {
  const claims = claimsOfGrant(grant, audience)
  const { success } = grantClaimsSchema.safeParse(claims)
  if (success && claims.exp - claims.iat <= maxGrantLifeSeconds) return signJwt(grantType, claims, key)
  throw new AttestationError(
    'GRANT_INVALID',
    `automation grant: expected a life of 1 to ${maxGrantLifeSeconds} s and 1 to 256 tools as "server/tool" or "server/*", got ${success ? `${claims.exp - claims.iat} s` : 'another value'}`,
  )
}

/** Synchronous; no I/O. What the sponsor may grant, and whether the grant was withdrawn, is for the caller. */
export const verifyAutomationGrant = (
  text: string,
  expected: {
    /** Of the bundle. */
    readonly sponsors: Readonly<Record<string, Sponsor>>
    /** The issuer of the identity service. */
    readonly audience: string
    /** Milliseconds since the Unix epoch. */
    readonly now: number
  },
): GrantVerification => {
  const jwt = verifyJwt(text, {
    type: grantType,
    keys: registeredKeys(expected.sponsors),
  })
  if (!jwt.ok) return jwt
  const { success, data: claims } = grantClaimsSchema.safeParse(jwt.claims)
  if (!success) return refused('CLAIMS_MALFORMED')
  if (signingParty(expected.sponsors, claims.iss, jwt.keyId) === undefined) return refused('ISSUER_REFUSED')
  if (claims.aud !== expected.audience) return refused('AUDIENCE_REFUSED')
  const fault = faultOfTimes(claims, maxGrantLifeSeconds, expected.now)
  return fault === undefined ? { ok: true, grant: grantOf(claims) } : refused(fault)
}

const refused = (reason: GrantFault): GrantVerification => ({ ok: false, reason })
