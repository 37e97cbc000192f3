import { decodeBase64Url } from '../compact-jws.ts'
import { type HolderJwk, thumbprintOf } from '../jwk-thumbprint.ts'
import { parseStrictJsonObject } from '../strict-json.ts'
import { type VerificationKey, verificationKeyOf } from '../verification-key.ts'
import type { ProofFault } from './proof-fault.ts'

/** RFC 9449 §4.2. */
export const proofType = 'dpop+jwt'

/** The key that a proof brings along: it counts only where the token names its thumbprint. */
export interface ProofKey {
  readonly thumbprint: string
  readonly key: VerificationKey
}

/** @param text the header as it stands in the proof, encoded */
export const parseProofHeader = (text: string): ProofKey | ProofFault => {
  const header = parseStrictJsonObject(decodeBase64Url(text)?.toString('utf8') ?? '')
  if (header === undefined) return 'NOT_A_COMPACT_JWS'
  const { typ, alg, jwk, ...others } = header
  if (Object.keys(others).length > 0) return 'HEADER_PARAMETER_REFUSED'
  if (typ !== proofType) return 'TYPE_REFUSED'
  if (alg !== 'EdDSA' && alg !== 'ES256') return 'ALGORITHM_REFUSED'
  const publicJwk = parseHolderJwk(jwk)
  const key = publicJwk && verificationKeyOf(publicJwk)
  if (publicJwk === undefined || key === undefined) return 'KEY_MALFORMED'
  return key.algorithm === alg ? { thumbprint: thumbprintOf(publicJwk), key } : 'ALGORITHM_REFUSED'
}

// Exact members: a private one is a leak (RFC 9449 §4.3 no. 7), any other a hint to readers who are less strict.
const parseHolderJwk = (jwk: unknown): HolderJwk | undefined => {
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) return undefined
  const { kty, crv, x, y, ...others } = jwk as Record<string, unknown>
  if (Object.keys(others).length > 0 || typeof x !== 'string') return undefined
  if (kty === 'OKP' && crv === 'Ed25519' && !('y' in jwk)) return { kty, crv, x }
  if (kty === 'EC' && crv === 'P-256' && typeof y === 'string') return { kty, crv, x, y }
  return undefined
}
