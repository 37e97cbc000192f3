import { hash } from 'node:crypto'

import { compactJws } from '../compact-jws.ts'
import type { HolderKey } from './holder-key.ts'
import { proofType } from './proof-header.ts'

/** What a proof says: the holder of the token's key makes this request, now, for this engine. */
export interface CallProofClaims {
  /** The session token that the request shows. */
  readonly tokenText: string
  readonly method: 'POST' | 'GET' | 'DELETE'
  /** Where the request goes, without query and fragment, as `new URL(url).href` writes it. */
  readonly url: string
  /** The last one that the engine gave (RFC 9449 §8); empty where it gave none yet. */
  readonly nonce: string
  /** Milliseconds since the Unix epoch. */
  readonly issuedAt: number
  /** Counts the session's calls from 0, and apart from them its other requests. */
  readonly sequence: number
  /** Absent in requests that call nothing. */
  readonly call?: ProvenCall
  /** `jti`: unique. */
  readonly proofId: string
}

/** What is called, with which arguments: what plain DPoP does not bind, as all calls of a server have one URL. */
export interface ProvenCall {
  readonly server: string
  readonly tool: string
  /** `digestArguments` of them. */
  readonly argumentsDigest: string
}

/** The proof of one request (RFC 9449 §4.2, and `mcp`), for its `DPoP` header. */
export const signCallProof = (key: HolderKey, claims: CallProofClaims): string => {
  const { call } = claims
  const payload = {
    jti: claims.proofId,
    htm: claims.method,
    htu: claims.url,
    iat: Math.floor(claims.issuedAt / 1000),
    ath: hash('sha256', claims.tokenText, 'base64url'),
    nonce: claims.nonce,
    ...(call && { mcp: { server: call.server, tool: call.tool, args_s256: call.argumentsDigest } }),
    seq: claims.sequence,
  }
  const header = { typ: proofType, alg: key.algorithm, jwk: key.publicJwk }
  return compactJws(header, payload, bytes => key.sign(bytes))
}
