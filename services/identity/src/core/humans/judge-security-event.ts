import { isJsonObject } from '@cordon/foundation'
import type { IdentityProvider } from '@cordon/policy'

import type { HumanSessionEnded } from '../../ports/humans.ts'
import { isKeptText, isKeptTime, keptMs } from '../kept-values.ts'

/** RFC 8935 §2.4. */
export type PushError =
  'invalid_request' | 'invalid_key' | 'invalid_issuer' | 'invalid_audience' | 'access_denied'

export type PushRefusal = { readonly ok: false; readonly error: PushError; readonly description: string }

/** A security event that counts. */
export interface SecurityEvent {
  /** `jti`: unique at its issuer. */
  readonly id: string
  /** Until when the same event could come again, in milliseconds since the epoch. */
  readonly repeatableUntil: number
  /** Whose sessions are over; absent for events that end none. */
  readonly ended?: HumanSessionEnded
}

/** https://openid.net/specs/openid-caep-1_0.html §3.1 */
export const sessionRevoked = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked'

/** A transmitter that could not reach us tries again for less than a day. */
const maxAgeSeconds = 24 * 60 * 60
const clockSkewSeconds = 60

/**
 * Judges a Security Event Token (RFC 8417) with the profile of Shared Signals 1.0: `typ`, no `exp`, no `sub`, one event.
 * @param event its signature is verified, by a key of the issuer
 * @param receivers `aud` values that mean us
 * @param now milliseconds since the Unix epoch
 */
export const judgeSecurityEvent = (
  event: {
    readonly header: Readonly<Record<string, unknown>>
    readonly claims: Readonly<Record<string, unknown>>
  },
  issuer: string,
  receivers: readonly string[],
  now: number,
): { readonly ok: true; readonly event: SecurityEvent } | PushRefusal => {
  const { header, claims } = event
  const { typ } = header
  if (typeof typ !== 'string' || !/^(?:application\/)?secevent\+jwt$/i.test(typ))
    return refuse('invalid_request', 'typ: expected secevent+jwt')
  if (claims['iss'] !== issuer) return refuse('invalid_issuer', 'iss: expected the issuer whose key signed')
  const { aud, jti, iat, events } = claims
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (!audiences.some(audience => typeof audience === 'string' && receivers.includes(audience)))
    return refuse('invalid_audience', 'aud: expected this receiver')
  // Shared Signals 1.0 §4.1: what has them could be taken for another kind of token, or another kind for it.
  if (claims['exp'] !== undefined || claims['sub'] !== undefined)
    return refuse('invalid_request', 'exp, sub: expected neither in a security event')
  if (!isKeptText(jti)) return refuse('invalid_request', 'jti: expected 1 to 512 printable characters')
  if (!isKeptTime(iat)) return refuse('invalid_request', 'iat: expected seconds since the epoch')
  const age = now / 1000 - iat
  if (age < -clockSkewSeconds || age > maxAgeSeconds)
    return refuse('invalid_request', `iat: expected within the last ${maxAgeSeconds} s`)
  if (!isJsonObject(events) || Object.keys(events).length !== 1)
    return refuse('invalid_request', 'events: expected exactly one')
  const accepted = { id: jti, repeatableUntil: keptMs(iat + maxAgeSeconds + clockSkewSeconds) }
  // What we have no use for is received all the same: its transmitter has done its part (RFC 8935 §2.2).
  if (!Object.hasOwn(events, sessionRevoked)) return { ok: true, event: accepted }
  const ended = subjectOf(claims['sub_id'], issuer)
  if ('error' in ended) return ended
  const at = keptMs(Math.min(iat, happenedAt(events[sessionRevoked], claims) ?? iat))
  return { ok: true, event: { ...accepted, ended: { ...ended, at } } }
}

/**
 * When it happened, in seconds: CAEP 1.0 §2 `event_timestamp`, RFC 8417 §2.2 `toe`. Neither has to be there, and what is no
 * time says nothing: then it is over since the event was issued.
 */
const happenedAt = (event: unknown, { toe }: Readonly<Record<string, unknown>>): number | undefined =>
  [isJsonObject(event) ? event['event_timestamp'] : undefined, toe].find(isKeptTime)

/** Which `aud` values of a provider's events mean us: our client ids there, and the addresses we have as a receiver. */
export const receiversOf = (provider: IdentityProvider, own: readonly string[]): readonly string[] => [
  ...provider.audiences,
  ...own,
]

// RFC 9493 subject identifiers; a missing member of a complex subject stands for all there are.
const subjectOf = (subject: unknown, issuer: string): HumanSessionEnded | PushRefusal => {
  if (!isJsonObject(subject)) return refuse('invalid_request', 'sub_id: expected one')
  switch (subject['format']) {
    case 'iss_sub':
      return userOf(subject, issuer)
    case 'opaque':
      return sessionOf(subject, issuer)
    case 'complex':
      return complexOf(subject, issuer)
    default:
      return refuse('invalid_request', 'sub_id: expected the format iss_sub, opaque or complex')
  }
}

const complexOf = (
  { user, session }: Readonly<Record<string, unknown>>,
  issuer: string,
): HumanSessionEnded | PushRefusal => {
  const named = [
    ...(user === undefined ? [] : [userOf(user, issuer)]),
    ...(session === undefined ? [] : [sessionOf(session, issuer)]),
  ]
  // A device or tenant alone names nobody that we know: taken as a wildcard it would end everybody's sessions.
  if (named.length === 0) return refuse('invalid_request', 'sub_id: expected a user or a session in it')
  const refusal = named.find(each => 'error' in each)
  return refusal ?? Object.assign({ issuer }, ...named.filter(each => !('error' in each)))
}

const userOf = (user: unknown, issuer: string): HumanSessionEnded | PushRefusal => {
  if (!isJsonObject(user) || user['format'] !== 'iss_sub' || !isKeptText(user['sub']))
    return refuse('invalid_request', 'user: expected the format iss_sub with iss and sub')
  return user['iss'] === issuer
    ? { issuer, subject: user['sub'] }
    : refuse('access_denied', 'user: expected one of the issuer itself')
}

const sessionOf = (session: unknown, issuer: string): HumanSessionEnded | PushRefusal =>
  isJsonObject(session) && session['format'] === 'opaque' && isKeptText(session['id'])
    ? { issuer, session: session['id'] }
    : refuse('invalid_request', 'session: expected the format opaque with an id')

const refuse = (error: PushError, description: string): PushRefusal => ({ ok: false, error, description })
