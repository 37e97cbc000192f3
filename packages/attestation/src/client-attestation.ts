import type { AgentId } from '@cordon/foundation'
import type { Attester, PublicKeyJwk } from '@cordon/policy'

import {
  attestationClaimsSchema,
  attestationOf,
  attestationType,
  claimsOfAttestation,
} from './attestation-claims.ts'
import { AttestationError } from './attestation-error.ts'
import { type JwtFault, signJwt, verifyJwt } from './jwt.ts'
import { faultOfTimes, type TimeFault } from './jwt-times.ts'
import { registeredKeys, signingParty } from './registered-key.ts'
import type { VoucherKey } from './voucher-key.ts'

/** An attester's word: this agent runs on this platform, is this code, and holds this key. */
export interface ClientAttestation {
  readonly attester: string
  readonly platform: string
  readonly agentId: AgentId
  /** SHA-256 of the code that runs, hexadecimal. */
  readonly codeDigest: string
  /** The key that the agent proves its requests with: an attestation for another key is worth nothing. */
  readonly holderJwk: PublicKeyJwk
  /** Its RFC 7638 thumbprint. */
  readonly holder: string
  /** `jti`: unique per attestation. */
  readonly attestationId: string
  /** Milliseconds since the Unix epoch, whole seconds. */
  readonly issuedAt: number
  /** Milliseconds since the Unix epoch, whole seconds. */
  readonly expiresAt: number
}

export type AttestationFault =
  JwtFault | TimeFault | 'CLAIMS_MALFORMED' | 'ISSUER_REFUSED' | 'AUDIENCE_REFUSED' | 'PLATFORM_REFUSED'

export type AttestationVerification =
  | { readonly ok: true; readonly attestation: ClientAttestation }
  | { readonly ok: false; readonly reason: AttestationFault }

/** What was true of running code an hour ago says little about it now. */
export const maxAttestationLifeSeconds: number = 60 * 60

/**
 * @param attestation times are cut to whole seconds
 * @param audience the issuer of the identity service
 * @throws AttestationError `ATTESTATION_INVALID` where no verifier would accept it
 */
export const issueClientAttestation = (
  attestation: Omit<ClientAttestation, 'holder'>,
  audience: string,
  key: VoucherKey,
): string => {
  const claims = claimsOfAttestation(attestation, audience)
  const { success } = attestationClaimsSchema.safeParse(claims)
  if (success && claims.exp - claims.iat <= maxAttestationLifeSeconds)
    return signJwt(attestationType, claims, key)
  throw new AttestationError(
    'ATTESTATION_INVALID',
    `client attestation: expected a life of 1 to ${maxAttestationLifeSeconds} s, names without spaces, a SHA-256 in hexadecimal and a public key, got ${success ? `${claims.exp - claims.iat} s` : 'another value'}`,
  )
}

/**
 * Synchronous; no I/O. Whether the holder is who shows it, whether it was shown before, and whether that code was built
 * by somebody trusted is for the caller.
 */
export const verifyClientAttestation = (
  text: string,
  expected: {
    /** Of the bundle. */
    readonly attesters: Readonly<Record<string, Attester>>
    /** The issuer of the identity service. */
    readonly audience: string
    /** Milliseconds since the Unix epoch. */
    readonly now: number
  },
): AttestationVerification => {
  const jwt = verifyJwt(text, {
    type: attestationType,
    keys: registeredKeys(expected.attesters),
  })
  if (!jwt.ok) return jwt
  const { success, data: claims } = attestationClaimsSchema.safeParse(jwt.claims)
  if (!success) return refused('CLAIMS_MALFORMED')
  const attester = signingParty(expected.attesters, claims.iss, jwt.keyId)
  if (attester === undefined) return refused('ISSUER_REFUSED')
  if (claims.aud !== expected.audience) return refused('AUDIENCE_REFUSED')
  const fault = faultOfTimes(claims, maxAttestationLifeSeconds, expected.now)
  if (fault !== undefined) return refused(fault)
  if (!attester.platforms.includes(claims.sub)) return refused('PLATFORM_REFUSED')
  return { ok: true, attestation: attestationOf(claims) }
}

const refused = (reason: AttestationFault): AttestationVerification => ({ ok: false, reason })
