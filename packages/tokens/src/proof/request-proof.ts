import { hash } from 'node:crypto'

import { compactJws } from '../compact-jws.ts'
import type { HolderKey } from './holder-key.ts'
import { proofType } from './proof-header.ts'

/** What a proof says to the identity service: the holder of this key makes this request, now (RFC 9449 §4.2). */
export interface RequestProofClaims {
  readonly method: string
  /** Where the request goes, without query and fragment. */
  readonly url: string
  /** Milliseconds since the Unix epoch. */
  readonly issuedAt: number
  /** `jti`: unique. */
  readonly proofId: string
  /** The token that the request shows, where it shows one that is bound to this key. */
  readonly tokenText?: string
}

/** The proof of one request to the identity service, for its `DPoP` header. Calls are proved by `signCallProof`. */
export const signRequestProof = (key: HolderKey, claims: RequestProofClaims): string => {
  const payload = {
    jti: claims.proofId,
    htm: claims.method,
    htu: claims.url,
    iat: Math.floor(claims.issuedAt / 1000),
    ...(claims.tokenText !== undefined && { ath: hash('sha256', claims.tokenText, 'base64url') }),
  }
  const header = { typ: proofType, alg: key.algorithm, jwk: key.publicJwk }
  return compactJws(header, payload, bytes => key.sign(bytes))
}
