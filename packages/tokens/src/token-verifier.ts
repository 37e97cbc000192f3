import { hash } from 'node:crypto'

import { type CompactJws, parseCompactJws } from './compact-jws.ts'
import type { KeySet } from './key-set.ts'
import { hasLowS } from './low-s.ts'
import { sessionClaimsSchema, tokenOf } from './session-claims.ts'
import { maxTokenCharacters, maxTokenLifeSeconds, type SessionToken } from './session-token.ts'
import { parseStrictJsonObject } from './strict-json.ts'
import type { TokenFault } from './token-fault.ts'

export type TokenVerification =
  | {
      readonly ok: true
      readonly token: SessionToken
      /** SHA-256 of the text in base64url: what a proof of its use has as `ath`. Whoever has none computes it. */
      readonly digest?: string
    }
  | {
      readonly ok: false
      readonly reason: TokenFault
      /**
       * What the token said while it was good. Where it is `EXPIRED` and nothing else; where it is `KEY_UNKNOWN`, of one that verified here
       * before its key was withdrawn, as long as it is remembered.
       */
      readonly former?: SessionToken
    }

export interface TokenVerifier {
  /**
   * Synchronous; reads nothing but its arguments and the key set held.
   * @param text the compact token, without `Bearer`
   * @param server the tool server that the call goes to
   * @param now milliseconds since the Unix epoch
   */
  verify(text: string, server: string, now: number): TokenVerification
}

/** An identity whose clock is ahead by this much is believed. Nothing is added to `exp`: expired is expired. */
const clockSkewMs = 5_000

const algorithm = 'ES256'

/** About 2 KB each. */
const defaultCacheSize = 10_000

/** A token that verified. */
interface Verified {
  readonly token: SessionToken
  /** Of the keys, and of the epoch, that it verified with. */
  readonly generation: number
}

/**
 * A strict verifier of session tokens (`at+jwt`, ES256). Only tokens that verified are cached, so a flood of others
 * cannot push them out; time and audience are checked on each call. With a new key set each has to verify anew, and with a new epoch. Of
 * one whose key is gone the verifier goes on to know whose it was, and no withdrawn key says that of any other.
 */
export const createTokenVerifier = (options: {
  readonly issuer: string
  readonly keys: () => KeySet
  readonly cacheSize?: number
  /** Another number forgets all that verified: what was revoked has to prove itself anew. */
  readonly epoch?: () => number
}): TokenVerifier => {
  const cacheSize = options.cacheSize ?? defaultCacheSize
  const verified = new Map<string, Verified>()
  let trusted: KeySet | undefined
  let epoch = 0
  let generation = 0

  /** As the latest, so that what nobody asks about is forgotten first. */
  const remember = (digest: string, known: Verified): void => {
    verified.delete(digest)
    if (verified.size >= cacheSize) verified.delete(verified.keys().next().value ?? '')
    verified.set(digest, known)
  }

  const authentic = (text: string, digest: string): Authenticity => {
    const keys = options.keys()
    const reached = options.epoch?.() ?? 0
    if (keys !== trusted || reached !== epoch) {
      trusted = keys
      epoch = reached
      generation += 1
    }
    const known = verified.get(digest)
    if (known?.generation === generation) return { token: known.token }
    const token = authenticate(text, keys, options.issuer)
    if (typeof token !== 'string') {
      remember(digest, { token, generation })
      return { token }
    }
    if (token !== 'KEY_UNKNOWN' || known === undefined) return { fault: token }
    remember(digest, known)
    return { token: known.token, fault: token }
  }

  return {
    verify: (text, server, now) => {
      if (text.length === 0) return { ok: false, reason: 'TOKEN_ABSENT' }
      if (text.length > maxTokenCharacters) return { ok: false, reason: 'TOKEN_TOO_LARGE' }
      const digest = hash('sha256', text, 'base64url')
      const { token, fault } = authentic(text, digest)
      if (token === undefined) return { ok: false, reason: fault }
      const faultOfThis = faultOfUse(token, server, now)
      if (faultOfThis !== undefined && faultOfThis !== 'EXPIRED') return { ok: false, reason: faultOfThis }
      const reason = fault ?? faultOfThis
      return reason === undefined ? { ok: true, token, digest } : { ok: false, reason, former: token }
    },
  }
}

/** With both: its key is not held any more. */
type Authenticity =
  | { readonly token: SessionToken; readonly fault?: TokenFault }
  | { readonly token?: never; readonly fault: TokenFault }

/** What does not depend on when and where the token is shown. */
const authenticate = (text: string, keys: KeySet, issuer: string): SessionToken | TokenFault => {
  const jws = parseCompactJws(text)
  if (jws === undefined) return 'NOT_A_COMPACT_JWS'
  const fault = faultOfHeader(jws.header)
  if (fault !== undefined) return fault
  const key = keys.get(String(jws.header['kid']))
  if (key === undefined) return 'KEY_UNKNOWN'
  if (key.algorithm !== algorithm) return 'ALGORITHM_REFUSED'
  if (!key.verifies(jws.signed, jws.signature) || !hasLowS(jws.signature)) return 'SIGNATURE_WRONG'
  return readClaims(jws, issuer)
}

// The header is the attacker's: it chooses among the keys held and nothing else. What it might add (crit, jwk, jku, x5u,
// x5c, b64 …) is refused by name of what is allowed.
const faultOfHeader = ({ alg, typ, kid, ...others }: CompactJws['header']): TokenFault | undefined => {
  if (Object.keys(others).length > 0) return 'HEADER_PARAMETER_REFUSED'
  if (alg !== algorithm) return 'ALGORITHM_REFUSED'
  if (typ !== 'at+jwt') return 'TYPE_REFUSED'
  if (typeof kid !== 'string') return 'KEY_UNKNOWN'
  return undefined
}

const readClaims = ({ payload }: CompactJws, issuer: string): SessionToken | TokenFault => {
  const parsed = sessionClaimsSchema.safeParse(parseStrictJsonObject(payload.toString('utf8')))
  if (!parsed.success) return 'CLAIMS_MALFORMED'
  const { iss, iat, exp } = parsed.data
  if (iss !== issuer) return 'ISSUER_REFUSED'
  if (exp - iat > maxTokenLifeSeconds) return 'LIFE_TOO_LONG'
  return tokenOf(parsed.data)
}

const faultOfUse = (token: SessionToken, server: string, now: number): TokenFault | undefined => {
  if (token.server !== server) return 'AUDIENCE_REFUSED'
  if (now >= token.expiresAt) return 'EXPIRED'
  if (token.issuedAt > now + clockSkewMs) return 'ISSUED_IN_FUTURE'
  return undefined
}
