import { hash } from 'node:crypto'

import { decodeBase64Url } from '../compact-jws.ts'
import { hasLowS } from '../low-s.ts'
import type { ProofFault } from './proof-fault.ts'
import { parseProofHeader, type ProofKey } from './proof-header.ts'
import { parseProofPayload, type ProofContent, type ProofPayload } from './proof-payload.ts'
import type { ProvenCall, ProvenContent, ProvenMessage } from './proven-message.ts'

/** What the request at hand is, which a proof has to say too. */
export interface ProofExpectation {
  /** The session token of the request, verified. */
  readonly tokenText: string
  /** Of that text, where the verification of the token said it; else it is computed. */
  readonly tokenDigest?: string | undefined
  /** `holder` of that token. */
  readonly holder: string
  readonly method: string
  /** Compared character by character. */
  readonly url: string
  /** Absent in requests without a body: then a proof of a message is refused. */
  readonly message?: ProvenMessage
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  readonly isNonceAccepted: (nonce: string) => boolean
}

export type ProofVerification =
  | {
      readonly ok: true
      readonly sequence: number
      readonly proofId: string
      readonly nonce: string
      /** Milliseconds since the Unix epoch. */
      readonly issuedAt: number
    }
  | { readonly ok: false; readonly reason: ProofFault }

export interface CallProofVerifier {
  /** Synchronous, reads nothing but its arguments. That a proof is used once is for `ReplayWindows` to see. */
  verify(proof: string, expected: ProofExpectation): ProofVerification
}

/** Room for the longest names; bounds the work that a stranger can cause. */
export const maxProofCharacters: number = 4 * 1024

/** How far the agent's clock may be off. */
const clockSkewMs = 60_000

/** About 1 KB each. */
const defaultCacheSize = 10_000

/** The header that the holder's last proof had, with the dot behind it, and the key that stands in it. */
interface KnownHeader extends ProofKey {
  readonly start: string
}

/**
 * A strict verifier of call proofs (RFC 9449 §4.3, and `mcp`). A holder's proofs have the same header, so the key in it is
 * imported once; only keys whose proof verified are kept, so that a flood of others cannot push them out. The signature
 * comes before the nonce: only to the holder of the key is it worth while to ask for another proof.
 */
export const createCallProofVerifier = (options: { readonly cacheSize?: number } = {}): CallProofVerifier => {
  const cacheSize = options.cacheSize ?? defaultCacheSize
  const headers = new Map<string, KnownHeader>()

  const keep = (start: string, { thumbprint, key }: ProofKey): void => {
    if (headers.size >= cacheSize) headers.delete(headers.keys().next().value ?? '')
    headers.set(thumbprint, { start, thumbprint, key })
  }

  const faultOf = (proof: string, expected: ProofExpectation): ProofFault | ProofPayload => {
    if (proof.length === 0) return 'PROOF_ABSENT'
    if (proof.length > maxProofCharacters) return 'PROOF_TOO_LARGE'
    const known = headers.get(expected.holder)
    const isKnown = known !== undefined && proof.startsWith(known.start)
    const headerEnd = isKnown ? known.start.length - 1 : proof.indexOf('.')
    const payloadEnd = proof.indexOf('.', headerEnd + 1)
    if (headerEnd < 0 || payloadEnd < 0) return 'NOT_A_COMPACT_JWS'
    const payloadBytes = decodeBase64Url(proof.slice(headerEnd + 1, payloadEnd))
    const signature = decodeBase64Url(proof.slice(payloadEnd + 1))
    if (payloadBytes === undefined || signature === undefined) return 'NOT_A_COMPACT_JWS'
    const holder = isKnown ? known : parseProofHeader(proof.slice(0, headerEnd))
    if (typeof holder === 'string') return holder
    if (holder.thumbprint !== expected.holder) return 'HOLDER_REFUSED'
    const payload = parseProofPayload(payloadBytes)
    if (payload === undefined) return 'CLAIMS_MALFORMED'
    const fault = faultOfRequest(payload, expected) ?? faultOfTime(payload, expected.now)
    if (fault !== undefined) return fault
    if (!holder.key.verifies(Buffer.from(proof.slice(0, payloadEnd), 'latin1'), signature))
      return 'SIGNATURE_WRONG'
    if (holder.key.algorithm === 'ES256' && !hasLowS(signature)) return 'SIGNATURE_NOT_CANONICAL'
    if (!isKnown) keep(proof.slice(0, headerEnd + 1), holder)
    return expected.isNonceAccepted(payload.nonce) ? payload : 'NONCE_REFUSED'
  }

  return {
    verify: (proof, expected) => {
      const result = faultOf(proof, expected)
      return typeof result === 'string'
        ? { ok: false, reason: result }
        : {
            ok: true,
            sequence: result.seq,
            proofId: result.jti,
            nonce: result.nonce,
            issuedAt: result.iat * 1000,
          }
    },
  }
}

const faultOfRequest = (payload: ProofPayload, expected: ProofExpectation): ProofFault | undefined => {
  if (payload.htm !== expected.method) return 'METHOD_REFUSED'
  if (payload.htu !== expected.url) return 'URL_REFUSED'
  if (payload.ath !== (expected.tokenDigest ?? hash('sha256', expected.tokenText, 'base64url')))
    return 'TOKEN_REFUSED'
  return faultOfMessage(payload.mcp, expected.message)
}

const faultOfMessage = (
  proven: ProofPayload['mcp'],
  message: ProvenMessage | undefined,
): ProofFault | undefined => {
  if (message !== undefined && 'tool' in message) return faultOfCall(proven, message)
  if (proven !== undefined && 'tool' in proven) return 'CALL_UNEXPECTED'
  return faultOfContent(proven, message)
}

const faultOfCall = (proven: ProofPayload['mcp'], call: ProvenCall): ProofFault | undefined => {
  if (proven === undefined || !('tool' in proven)) return 'CALL_UNPROVEN'
  if (proven.server !== call.server) return 'SERVER_REFUSED'
  if (proven.tool !== call.tool) return 'TOOL_REFUSED'
  if (proven.args_s256 !== call.argumentsDigest) return 'ARGUMENTS_REFUSED'
  if (proven.rest_s256 !== call.restDigest) return 'REST_REFUSED'
  return undefined
}

/** Either may be absent, and then the other has to be. */
const faultOfContent = (
  proven: ProofContent | undefined,
  content: ProvenContent | undefined,
): ProofFault | undefined => {
  if (proven?.method !== content?.method) return 'MESSAGE_REFUSED'
  if (proven?.content_s256 !== content?.contentDigest) return 'CONTENT_REFUSED'
  return undefined
}

const faultOfTime = ({ iat }: ProofPayload, now: number): ProofFault | undefined => {
  if (iat * 1000 < now - clockSkewMs) return 'ISSUED_TOO_EARLY'
  if (iat * 1000 > now + clockSkewMs) return 'ISSUED_IN_FUTURE'
  return undefined
}
