import { type AgentId, parseAgentId } from '@cordon/foundation'
import type { PublicKeyJwk } from '@cordon/policy'
import { thumbprintOf } from '@cordon/tokens'
import { z } from 'zod'

import type { ClientAttestation } from './client-attestation.ts'
import { publicKeySchema } from './public-key-schema.ts'

// The one place that knows the names of claims of a client attestation: they come from a draft
// (draft-ietf-oauth-attestation-based-client-auth) and may be renamed; `agent` and `code_digest` are ours.

/** `typ` of its header. */
export const attestationType = 'oauth-client-attestation+jwt'

/** The claims as they are signed. Times are seconds since the Unix epoch. */
export interface AttestationClaims {
  /** The attester. */
  readonly iss: string
  /** The platform: the client id of what runs the agent. */
  readonly sub: string
  /** One string: an attestation for two could be shown by the first to the second. */
  readonly aud: string
  readonly iat: number
  readonly exp: number
  readonly jti: string
  readonly cnf: { readonly jwk: PublicKeyJwk }
  readonly agent: AgentId
  readonly code_digest: string
}

const text = z.string().min(1).max(512)
const seconds = z.number().int().positive()

/** Strict: what nobody here knows may say that the rest does not count. */
export const attestationClaimsSchema: z.ZodType<AttestationClaims> = z
  .strictObject({
    iss: text,
    sub: text,
    aud: text,
    iat: seconds,
    exp: seconds,
    jti: text,
    cnf: z.strictObject({ jwk: publicKeySchema }),
    agent: text.regex(/^[^#\s]+$/).transform(parseAgentId),
    code_digest: z.string().regex(/^[0-9a-f]{64}$/),
  })
  .refine(({ iat, exp }) => iat < exp)

/** Times are cut to whole seconds. */
export const claimsOfAttestation = (
  attestation: Omit<ClientAttestation, 'holder'>,
  audience: string,
): AttestationClaims => ({
  iss: attestation.attester,
  sub: attestation.platform,
  aud: audience,
  iat: Math.floor(attestation.issuedAt / 1000),
  exp: Math.floor(attestation.expiresAt / 1000),
  jti: attestation.attestationId,
  cnf: { jwk: attestation.holderJwk },
  agent: attestation.agentId,
  code_digest: attestation.codeDigest,
})

export const attestationOf = (claims: AttestationClaims): ClientAttestation => ({
  attester: claims.iss,
  platform: claims.sub,
  agentId: claims.agent,
  codeDigest: claims.code_digest,
  holderJwk: claims.cnf.jwk,
  holder: thumbprintOf(claims.cnf.jwk),
  attestationId: claims.jti,
  issuedAt: claims.iat * 1000,
  expiresAt: claims.exp * 1000,
})
