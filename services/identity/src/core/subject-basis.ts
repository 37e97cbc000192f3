import type { AutomationGrant } from '@cordon/attestation'
import type { IdentityProvider } from '@cordon/policy'

import type { IdTokenClaims } from './humans/human-of.ts'

/**
 * What a session rests on, as it was signed: kept with it and with all that its agent starts, so that each renewal can judge it by the
 * bundle in force.
 */
export type SubjectBasis = HumanBasis | GrantBasis

export interface HumanBasis {
  readonly kind: 'human'
  /** `iss` of the provider. */
  readonly issuer: string
  /** The one of Cordon's clients there that the ID token was issued to. */
  readonly client: string
  /** Those that mean something here, and no others. */
  readonly claims: IdTokenClaims
}

export interface GrantBasis {
  readonly kind: 'grant'
  readonly grant: AutomationGrant
  /** RFC 7638 thumbprint of the sponsor's key that signed it. */
  readonly signedBy: string
}

const readClaims = ['nonce', 'sid', 'auth_time', 'acr', 'cordon_agent', 'cordon_tools']

/** Names of the claims that a session keeps beside those that every ID token has. */
export const keptClaims = (
  claims: Readonly<Record<string, unknown>>,
  { roles, entitlements, clearances }: IdentityProvider,
): readonly string[] => {
  const mapped = [...roles, ...entitlements, ...clearances].map(({ claim }) => claim)
  return [...readClaims, ...mapped].filter(name => Object.hasOwn(claims, name))
}

/** @param claims of an ID token that was verified and judged */
export const basisOfHuman = (
  claims: IdTokenClaims,
  client: string,
  provider: IdentityProvider,
): HumanBasis => {
  const { iss, sub, iat, exp } = claims
  const others = Object.fromEntries(keptClaims(claims, provider).map(name => [name, claims[name]]))
  return { kind: 'human', issuer: iss, client, claims: { ...others, iss, sub, iat, exp } }
}
