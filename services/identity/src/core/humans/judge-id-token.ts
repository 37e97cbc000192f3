import type { IdentityProvider } from '@cordon/policy'

import { isKeptClaim, isKeptText, isKeptTime } from '../kept-values.ts'
import { keptClaims } from '../subject-basis.ts'
import type { IdTokenClaims } from './human-of.ts'

/** Why an ID token does not count. */
export type IdTokenFault =
  | 'ID_TOKEN_MALFORMED'
  | 'ID_TOKEN_ISSUER_UNKNOWN'
  | 'ID_TOKEN_KEYS_UNAVAILABLE'
  | 'ID_TOKEN_FORGED'
  | 'ID_TOKEN_TYPE_WRONG'
  | 'ID_TOKEN_AUDIENCE_WRONG'
  | 'ID_TOKEN_EXPIRED'
  | 'ID_TOKEN_ROLE_MISSING'

export type IdTokenRefusal = {
  readonly ok: false
  readonly fault: IdTokenFault
  /** Expected and got, nothing of the token itself. */
  readonly message: string
}

/** Its signature is verified; nothing else is. */
export interface SignedIdToken {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** An hour: what providers give ID tokens to live, and the longest that a stolen one opens sessions. */
const maxIdTokenAgeSeconds = 60 * 60
/** Clocks of two machines that are kept in time differ by less. */
const clockSkewSeconds = 60
/** OIDC Core §2 bounds `sub` to 255 ASCII characters. Whoever signs in must be a name that the kill switch can take: no space at an end. */
const subjectPattern = /^(?=.{1,255}$)[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

/**
 * Judges what an ID token says (OpenID Connect Core §3.1.3.7). No `nonce`: whoever asked for the token binds it to the session by
 * the exchange's own proof.
 * @param now milliseconds since the Unix epoch
 */
export const judgeIdToken = (
  { header, claims }: SignedIdToken,
  issuer: string,
  provider: IdentityProvider,
  now: number,
): { readonly ok: true; readonly claims: IdTokenClaims } | IdTokenRefusal => {
  const { typ } = header
  // RFC 8725 §3.11: access tokens, proofs, security events and log-out tokens of the same issuer all name their type.
  if (typ !== undefined && !(typeof typ === 'string' && /^(?:application\/)?jwt$/i.test(typ)))
    return refuse('ID_TOKEN_TYPE_WRONG', 'typ: expected JWT or none, got another')
  if (claims['events'] !== undefined)
    return refuse('ID_TOKEN_TYPE_WRONG', 'events: expected none, got some: a security event is no ID token')
  if (claims['iss'] !== issuer) return refuse('ID_TOKEN_ISSUER_UNKNOWN', 'iss: expected its own issuer')
  const audience = judgeAudience(claims, provider.audiences)
  if (audience !== undefined) return refuse('ID_TOKEN_AUDIENCE_WRONG', audience)
  const { sub, iat, exp, nbf } = claims
  if (typeof sub !== 'string' || !subjectPattern.test(sub))
    return refuse(
      'ID_TOKEN_MALFORMED',
      'sub: expected 1 to 255 printable ASCII characters, and no space around them',
    )
  if (!isKeptTime(iat) || !isKeptTime(exp))
    return refuse('ID_TOKEN_MALFORMED', 'iat, exp: expected both, in seconds since the epoch')
  if (claims['auth_time'] !== undefined && !isKeptTime(claims['auth_time']))
    return refuse('ID_TOKEN_MALFORMED', 'auth_time: expected seconds since the epoch')
  const unkept = judgeKept(claims, provider)
  if (unkept !== undefined) return refuse('ID_TOKEN_MALFORMED', unkept)
  // What narrows must not be passed over because it cannot be read.
  const { cordon_agent: agent, cordon_tools: tools } = claims
  if (agent !== undefined && typeof agent !== 'string')
    return refuse('ID_TOKEN_MALFORMED', 'cordon_agent: expected a text')
  if (tools !== undefined && !(Array.isArray(tools) && tools.every(tool => typeof tool === 'string')))
    return refuse('ID_TOKEN_MALFORMED', 'cordon_tools: expected a list of texts')
  const time = judgeTimes({ iat, exp, nbf }, now / 1000)
  if (time !== undefined) return refuse('ID_TOKEN_EXPIRED', time)
  return { ok: true, claims: { ...claims, iss: issuer, sub, iat, exp } }
}

// §3.1.3.7, 3 to 5: every audience has to be ours, and where there are several, or an azp, the party it was issued to as well.
const judgeAudience = (
  { aud, azp }: Readonly<Record<string, unknown>>,
  ours: readonly string[],
): string | undefined => {
  const isOurs = (value: unknown): boolean => typeof value === 'string' && ours.includes(value)
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (audiences.length === 0 || !audiences.every(isOurs)) return 'aud: expected ours alone, got another'
  if (azp === undefined)
    return audiences.length === 1 ? undefined : 'azp: expected one, because aud has several'
  return isOurs(azp) ? undefined : 'azp: expected ours, got another'
}

const judgeTimes = (
  { iat, exp, nbf }: { readonly iat: number; readonly exp: number; readonly nbf: unknown },
  nowSeconds: number,
): string | undefined => {
  if (exp <= nowSeconds) return 'exp: expected later than now'
  if (iat > nowSeconds + clockSkewSeconds) return 'iat: expected now or earlier'
  if (iat < nowSeconds - maxIdTokenAgeSeconds) return `iat: expected at most ${maxIdTokenAgeSeconds} s ago`
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= nowSeconds + clockSkewSeconds))
    return 'nbf: expected now or earlier'
  return undefined
}

/** Whether the claims that sessions keep can be kept, and said again in their tokens. */
const judgeKept = (
  claims: Readonly<Record<string, unknown>>,
  provider: IdentityProvider,
): string | undefined => {
  const unkept = keptClaims(claims, provider).find(name => !isKeptClaim(claims[name]))
  if (unkept !== undefined)
    return `${unkept}: expected printable characters and a few levels, got something else`
  const unsaid = ['sid', 'acr'].find(name => {
    const said = claims[name]
    return typeof said === 'string' && said !== '' && !isKeptText(said)
  })
  return unsaid && `${unsaid}: expected at most 512 printable characters, got others`
}

const refuse = (fault: IdTokenFault, message: string): IdTokenRefusal => ({ ok: false, fault, message })
