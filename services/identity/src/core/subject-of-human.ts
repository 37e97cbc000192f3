import type { ClaimMatch, Clearance, IdentityPolicy } from '@cordon/policy'

import { type Answer, granted, refused } from './refusal.ts'
import type { Subject } from './subject.ts'

/** A verified ID token of a provider of the bundle. Times are milliseconds since the Unix epoch. */
export interface HumanToken {
  readonly provider: string
  readonly human: string
  /** The one of Cordon's clients at the provider that it was issued to. */
  readonly client: string
  readonly issuedAt: number
  readonly authenticatedAt: number
  readonly acr: string
  readonly humanSession: string | null
  readonly claims: Readonly<Record<string, unknown>>
}

/** What a provider's claims mean here: role, entitlements and clearance by the bundle's mapping. */
export const subjectOfHuman = (token: HumanToken, policy: IdentityPolicy): Answer<Subject> => {
  const provider = Object.hasOwn(policy.providers, token.provider)
    ? policy.providers[token.provider]
    : undefined
  if (provider === undefined)
    return refused('SUBJECT_REFUSED', 'subject_token: expected one of a provider of the bundle, got another')
  const matches = (match: ClaimMatch): boolean => hasClaim(token.claims, match)
  const role = provider.roles.find(matches)?.role
  if (role === undefined)
    return refused(
      'ROLE_UNKNOWN',
      `subject_token: expected claims that the bundle gives a role, got none for ${token.human}`,
    )
  const clearances = provider.clearances.filter(matches).map(({ clearance }) => clearance)
  return granted({
    human: token.human,
    role,
    clearance: Math.max(0, ...clearances) as Clearance,
    vouchedBy: { kind: 'provider', name: token.provider },
    humanSession: token.humanSession,
    identifiedAt: token.issuedAt,
    authenticatedAt: token.authenticatedAt,
    acr: token.acr,
    client: token.client,
    bounds: [
      {
        by: `the human ${token.human}`,
        tools: provider.entitlements.filter(matches).flatMap(({ tools }) => tools),
      },
    ],
  })
}

// Own members only: a claim named after a member of a prototype is none.
const hasClaim = (claims: HumanToken['claims'], { claim, value }: ClaimMatch): boolean => {
  const found = Object.hasOwn(claims, claim) ? claims[claim] : undefined
  return found === value || (Array.isArray(found) && found.includes(value))
}
