import { sign } from 'node:crypto'

import { z } from 'zod'

import { compactJws, parseCompactJws } from '../compact-jws.ts'
import type { KeySet } from '../key-set.ts'
import type { SigningKey } from '../signing-key.ts'
import { parseStrictJsonObject } from '../strict-json.ts'
import { decodeStatusList, type StatusList } from './status-list.ts'

/** draft-ietf-oauth-status-list §5.1. */
const statusListType = 'statuslist+jwt'

/** A million sessions that are all suspended still fit. */
const maxCharacters = 512 * 1024

/** A signed list as it was at a time. Times are milliseconds since the Unix epoch, whole seconds. */
export interface StatusListToken {
  readonly list: StatusList
  readonly issuedAt: number
  readonly expiresAt: number
  /** How long a reader may keep it before it asks again. */
  readonly lifetimeMs: number
}

/**
 * @param options.uri where it is served: `sub`, and what tokens name
 * @param options.now milliseconds since the Unix epoch
 * @param options.lifetimeSeconds `ttl`, and after twice as long nobody believes it
 */
export const signStatusList = (options: {
  readonly issuer: string
  readonly uri: string
  readonly list: StatusList
  readonly key: SigningKey
  readonly now: number
  readonly lifetimeSeconds: number
}): string => {
  const iat = Math.floor(options.now / 1000)
  const { key, lifetimeSeconds } = options
  return compactJws(
    { typ: statusListType, alg: 'ES256', kid: key.keyId },
    {
      iss: options.issuer,
      sub: options.uri,
      iat,
      exp: iat + 2 * lifetimeSeconds,
      ttl: lifetimeSeconds,
      status_list: { bits: 2, lst: options.list.encode() },
    },
    bytes => sign('sha256', bytes, { key: key.privateKey, dsaEncoding: 'ieee-p1363' }),
  )
}

/** Why a list was not believed. */
export type StatusListFault =
  | 'NOT_A_STATUS_LIST'
  | 'KEY_UNKNOWN'
  | 'SIGNATURE_WRONG'
  | 'CLAIMS_MALFORMED'
  | 'ISSUER_REFUSED'
  | 'SUBJECT_REFUSED'
  | 'LIST_MALFORMED'
  | 'ISSUED_IN_FUTURE'
  | 'EXPIRED'

const seconds = z.number().int().positive()

const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string(),
  iat: seconds,
  exp: seconds,
  ttl: seconds,
  status_list: z.object({ bits: z.literal(2), lst: z.string() }),
})

/** A publisher whose clock is ahead by this much is believed. */
const clockSkewMs = 5_000

/** @param expected who has to have signed it, for which address @param now milliseconds since the Unix epoch */
export const verifyStatusList = (
  text: string,
  expected: { readonly issuer: string; readonly uri: string },
  keys: KeySet,
  now: number,
): StatusListToken | StatusListFault => {
  const jws = text.length <= maxCharacters ? parseCompactJws(text) : undefined
  if (jws === undefined) return 'NOT_A_STATUS_LIST'
  const { typ, alg, kid, ...others } = jws.header
  if (typ !== statusListType || Object.keys(others).length > 0) return 'NOT_A_STATUS_LIST'
  const key = typeof kid === 'string' ? keys.get(kid) : undefined
  if (key === undefined || key.algorithm !== alg) return 'KEY_UNKNOWN'
  if (!key.verifies(jws.signed, jws.signature)) return 'SIGNATURE_WRONG'
  const parsed = claimsSchema.safeParse(parseStrictJsonObject(jws.payload.toString('utf8')))
  if (!parsed.success) return 'CLAIMS_MALFORMED'
  const { iss, sub, iat, exp, ttl, status_list: packed } = parsed.data
  if (iss !== expected.issuer) return 'ISSUER_REFUSED'
  if (sub !== expected.uri) return 'SUBJECT_REFUSED'
  if (iat * 1000 > now + clockSkewMs) return 'ISSUED_IN_FUTURE'
  if (now >= exp * 1000) return 'EXPIRED'
  const list = decodeStatusList(packed.lst)
  if (list === undefined) return 'LIST_MALFORMED'
  return { list, issuedAt: iat * 1000, expiresAt: exp * 1000, lifetimeMs: ttl * 1000 }
}
