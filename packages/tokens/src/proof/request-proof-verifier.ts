import { hash } from 'node:crypto'

import { parseCompactJws } from '../compact-jws.ts'
import { parseStrictJsonObject } from '../strict-json.ts'
import { maxProofCharacters } from './call-proof-verifier.ts'
import type { ProofFault } from './proof-fault.ts'
import { parseProofHeader, type ProofKey } from './proof-header.ts'

/** What the request at hand is, which a proof has to say too. */
export interface RequestProofExpectation {
  readonly method: string
  /** Compared character by character. */
  readonly url: string
  /** The token that the request shows, where it is bound to the key: then the proof names it, and else it names none. */
  readonly tokenText?: string
  /** Milliseconds since the Unix epoch. */
  readonly now: number
}

export type RequestProofVerification =
  | {
      readonly ok: true
      /** RFC 7638 thumbprint of the key that signed. */
      readonly holder: string
      readonly proofId: string
    }
  | { readonly ok: false; readonly reason: ProofFault }

/** How far the clock of whoever asks may be off. */
export const requestProofSkewMs: number = 60_000

/** Room for any id; bounds what is kept of a proof. */
const longestId = 256

/** Synchronous, reads nothing but its arguments. That a proof is used once is for the caller to see (RFC 9449 §4.3). */
export const verifyRequestProof = (
  proof: string,
  expected: RequestProofExpectation,
): RequestProofVerification => {
  if (proof.length === 0) return refused('PROOF_ABSENT')
  if (proof.length > maxProofCharacters) return refused('PROOF_TOO_LARGE')
  const jws = parseCompactJws(proof)
  if (jws === undefined) return refused('NOT_A_COMPACT_JWS')
  const holder: ProofKey | ProofFault = parseProofHeader(proof.slice(0, proof.indexOf('.')))
  if (typeof holder === 'string') return refused(holder)
  if (!holder.key.verifies(jws.signed, jws.signature)) return refused('SIGNATURE_WRONG')
  const payload = parsePayload(jws.payload)
  if (payload === undefined) return refused('CLAIMS_MALFORMED')
  const fault = faultOf(payload, expected)
  return fault === undefined ? { ok: true, holder: holder.thumbprint, proofId: payload.jti } : refused(fault)
}

interface Payload {
  readonly jti: string
  readonly htm: string
  readonly htu: string
  readonly iat: number
  readonly ath: string | undefined
}

const parsePayload = (bytes: Buffer): Payload | undefined => {
  const claims = parseStrictJsonObject(bytes.toString('utf8'))
  if (claims === undefined) return undefined
  const { jti, htm, htu, iat, ath, ...others } = claims
  if (Object.keys(others).length > 0) return undefined
  if (typeof jti !== 'string' || jti.length === 0 || jti.length > longestId) return undefined
  if (typeof htm !== 'string' || typeof htu !== 'string') return undefined
  if (typeof iat !== 'number' || !Number.isSafeInteger(iat) || iat < 0) return undefined
  if (ath !== undefined && typeof ath !== 'string') return undefined
  return { jti, htm, htu, iat, ath }
}

const faultOf = (payload: Payload, expected: RequestProofExpectation): ProofFault | undefined => {
  if (payload.htm !== expected.method) return 'METHOD_REFUSED'
  if (payload.htu !== expected.url) return 'URL_REFUSED'
  const { tokenText } = expected
  if (payload.ath !== (tokenText === undefined ? undefined : hash('sha256', tokenText, 'base64url')))
    return 'TOKEN_REFUSED'
  if (payload.iat * 1000 < expected.now - requestProofSkewMs) return 'ISSUED_TOO_EARLY'
  if (payload.iat * 1000 > expected.now + requestProofSkewMs) return 'ISSUED_IN_FUTURE'
  return undefined
}

const refused = (reason: ProofFault): RequestProofVerification => ({ ok: false, reason })
