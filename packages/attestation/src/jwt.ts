import { compactJws, parseCompactJws, parseStrictJsonObject, type VerificationKey } from '@cordon/tokens'

import type { VoucherKey } from './voucher-key.ts'

/** Why a text is no JWT that somebody registered signed. */
export type JwtFault =
  | 'TEXT_ABSENT'
  | 'TEXT_TOO_LARGE'
  | 'NOT_A_COMPACT_JWS'
  | 'HEADER_PARAMETER_REFUSED'
  | 'TYPE_REFUSED'
  | 'KEY_UNKNOWN'
  | 'ALGORITHM_REFUSED'
  | 'SIGNATURE_WRONG'

export type JwtVerification =
  | {
      readonly ok: true
      /** `kid`: whose key it was is for the caller to compare with `iss`. */
      readonly keyId: string
      /** `undefined` where the payload is no JSON object, or has a name twice. */
      readonly claims: Readonly<Record<string, unknown>> | undefined
    }
  | { readonly ok: false; readonly reason: JwtFault }

export interface JwtExpectation {
  /** `typ`, to the letter: one kind of document never passes for another. */
  readonly type: string
  /** By `kid`; the algorithm follows from the key. */
  readonly keys: ReadonlyMap<string, VerificationKey>
}

/** Room for what is vouched for, and a bound of the work that a stranger can cause. */
const maxJwtCharacters = 16 * 1024

/** Nothing of the payload is read before the signature was verified. */
export const verifyJwt = (text: string, expected: JwtExpectation): JwtVerification => {
  if (text.length === 0) return refused('TEXT_ABSENT')
  if (text.length > maxJwtCharacters) return refused('TEXT_TOO_LARGE')
  const jws = parseCompactJws(text)
  if (jws === undefined) return refused('NOT_A_COMPACT_JWS')
  // Named is what is allowed: crit, jwk, jku, x5u, x5c, b64 and whatever comes next are refused with it.
  const { typ, alg, kid, ...others } = jws.header
  if (Object.keys(others).length > 0) return refused('HEADER_PARAMETER_REFUSED')
  if (typ !== expected.type) return refused('TYPE_REFUSED')
  const key = typeof kid === 'string' ? expected.keys.get(kid) : undefined
  if (typeof kid !== 'string' || key === undefined) return refused('KEY_UNKNOWN')
  if (alg !== key.algorithm) return refused('ALGORITHM_REFUSED')
  if (!key.verifies(jws.signed, jws.signature)) return refused('SIGNATURE_WRONG')
  return { ok: true, keyId: kid, claims: parseStrictJsonObject(jws.payload.toString('utf8')) }
}

const refused = (reason: JwtFault): JwtVerification => ({ ok: false, reason })

/** @returns a JWT in compact form, with the header that `verifyJwt` insists on */
export const signJwt = (type: string, claims: object, key: VoucherKey): string =>
  compactJws({ typ: type, alg: key.algorithm, kid: key.keyId }, claims, bytes => key.sign(bytes))
