import type { ClaimMatch, Clearance, IdentityProvider } from '@cordon/policy'

import { keptMs } from '../kept-values.ts'
import { humanNameOf } from './human-name.ts'

/** The claims of an ID token that was verified and judged. */
export interface IdTokenClaims {
  readonly iss: string
  readonly sub: string
  readonly iat: number
  readonly exp: number
  readonly [claim: string]: unknown
}

/** Who signed in, as the bundle sees them. */
export interface Human {
  /** `iss` of the provider. */
  readonly issuer: string
  /** Their name in Cordon: see `humanNameOf`. */
  readonly human: string
  readonly role: string
  /** Entitlements: `server/tool` or `server/*`; where the human consented to some tools only, no others. */
  readonly tools: readonly string[]
  /** The only agent that the human consented to, where they were asked for one. */
  readonly agent?: string
  readonly clearance: Clearance
  /** `sid` at the provider, where it says one: its end ends what rests on it. */
  readonly humanSession?: string
  /** Whole milliseconds since the Unix epoch. */
  readonly authenticatedAt: number
  /** `0` where the provider does not say how it authenticated (OIDC Core §2: the lowest). */
  readonly acr: string
}

export type HumanOutcome = { readonly ok: true; readonly human: Human } | { readonly ok: false }

/** What a provider's claims mean by the bundle's mapping; nobody without a role is anybody here. */
export const humanOf = (claims: IdTokenClaims, provider: IdentityProvider): HumanOutcome => {
  const matches = (match: ClaimMatch): boolean => isMatch(claims, match)
  const role = provider.roles.find(matches)?.role
  if (role === undefined) return { ok: false }
  const clearances = provider.clearances.filter(matches).map(({ clearance }) => clearance)
  const entitled = new Set(provider.entitlements.filter(matches).flatMap(({ tools }) => tools))
  const { sid, auth_time: authTime, acr, cordon_agent: agent, cordon_tools: consented } = claims
  return {
    ok: true,
    human: {
      issuer: claims.iss,
      human: humanNameOf(provider, claims.sub),
      role,
      tools: consented === undefined ? [...entitled] : narrowed([...entitled], consented),
      ...(typeof agent === 'string' && { agent }),
      clearance: clearances.reduce<Clearance>((highest, each) => (each > highest ? each : highest), 0),
      ...(typeof sid === 'string' && sid !== '' && { humanSession: sid }),
      // A provider that keeps the time of the log-in to itself vouches for the moment of issue.
      authenticatedAt: keptMs(typeof authTime === 'number' ? authTime : claims.iat),
      acr: typeof acr === 'string' && acr !== '' ? acr : '0',
    },
  }
}

// Own members only: a claim of the name `constructor` that nobody sent is no claim.
const isMatch = (claims: IdTokenClaims, { claim, value }: ClaimMatch): boolean => {
  if (!Object.hasOwn(claims, claim)) return false
  const said = claims[claim]
  return Array.isArray(said) ? said.includes(value) : said === value
}

// What both cover: a wildcard covers each tool of its server.
const narrowed = (entitled: readonly string[], consented: unknown): readonly string[] => {
  const wanted = Array.isArray(consented) ? consented.filter(tool => typeof tool === 'string') : []
  return [
    ...new Set([
      ...wanted.filter(tool => entitled.some(each => covers(each, tool))),
      ...entitled.filter(tool => wanted.some(each => covers(each, tool))),
    ]),
  ]
}

const covers = (wide: string, narrow: string): boolean =>
  wide === narrow || (wide.endsWith('/*') && narrow.startsWith(wide.slice(0, -1)))
