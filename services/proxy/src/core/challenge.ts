import type { Refusal, RefusalReason } from '@cordon/engine-socket'

/** RFC 9449 §7.1: what proofs may be signed with. */
export const proofAlgorithms = ['EdDSA', 'ES256'] as const

/** What would help: another proof with the nonce that comes along, another proof, or another token. */
const errors: Readonly<Partial<Record<RefusalReason, string>>> = {
  PROOF_NONCE: 'use_dpop_nonce',
  PROOF_MISSING: 'invalid_dpop_proof',
  PROOF_INVALID: 'invalid_dpop_proof',
  PROOF_REPLAYED: 'invalid_dpop_proof',
}

/** `WWW-Authenticate` as RFC 9449 §7.1 and RFC 9728 §5.1 have it; without a token there is no error to name. */
export const challenge = (metadataUrl: string, refusal?: Refusal): string => {
  const where = `DPoP resource_metadata="${metadataUrl}"`
  const how = `algs="${proofAlgorithms.join(' ')}"`
  if (refusal === undefined || refusal.reason === 'TOKEN_MISSING') return `${where}, ${how}`
  const error = errors[refusal.reason] ?? 'invalid_token'
  return `${where}, error="${error}", error_description="${quotable(refusal.message)}", ${how}`
}

// RFC 6750 §3: %x20-21 / %x23-5B / %x5D-7E
const quotable = (text: string): string => text.replaceAll(/[^\u0020-\u0021\u0023-\u005b\u005d-\u007e]/g, ' ')
