import { hash } from 'node:crypto'

import { maxProofSequence } from '@cordon/schemas'

import { compactJws } from '../compact-jws.ts'
import { TokenError } from '../token-error.ts'
import type { HolderKey } from './holder-key.ts'
import { proofType } from './proof-header.ts'
import type { ProofMessage } from './proof-payload.ts'
import type { ProvenMessage } from './proven-message.ts'

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
  /** Counts the session's calls from 0, and apart from them its other requests; at most `maxProofSequence`. */
  readonly sequence: number
  /** Absent in requests without a body. */
  readonly message?: ProvenMessage
  /** `jti`: unique. */
  readonly proofId: string
}

/**
 * The proof of one request (RFC 9449 §4.2, and `mcp`), for its `DPoP` header.
 * @throws TokenError `PROOF_SEQUENCE_INVALID` for a number that no verifier takes
 */
export const signCallProof = (key: HolderKey, claims: CallProofClaims): string => {
  const { message, sequence } = claims
  if (!Number.isInteger(sequence) || sequence < 0 || sequence > maxProofSequence) {
    throw new TokenError(
      'PROOF_SEQUENCE_INVALID',
      `proof: expected a number from 0 to ${maxProofSequence}, got ${sequence}`,
    )
  }
  const payload = {
    jti: claims.proofId,
    htm: claims.method,
    htu: claims.url,
    iat: Math.floor(claims.issuedAt / 1000),
    ath: hash('sha256', claims.tokenText, 'base64url'),
    nonce: claims.nonce,
    ...(message && { mcp: claimsOf(message) }),
    seq: sequence,
  }
  const header = { typ: proofType, alg: key.algorithm, jwk: key.publicJwk }
  return compactJws(header, payload, bytes => key.sign(bytes))
}

const claimsOf = (message: ProvenMessage): ProofMessage => {
  if (!('tool' in message)) return { method: message.method, content_s256: message.contentDigest }
  const { server, tool, argumentsDigest, restDigest } = message
  const call = { server, tool, args_s256: argumentsDigest }
  return restDigest === undefined ? call : { ...call, rest_s256: restDigest }
}
