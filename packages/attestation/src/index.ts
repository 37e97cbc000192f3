export type { AttestationErrorCode } from './attestation-error.ts'
export { AttestationError } from './attestation-error.ts'
export type { AutomationGrant, GrantFault, GrantVerification } from './automation-grant.ts'
export { issueAutomationGrant, maxGrantLifeSeconds, verifyAutomationGrant } from './automation-grant.ts'
export type { AttestationFault, AttestationVerification, ClientAttestation } from './client-attestation.ts'
export {
  issueClientAttestation,
  maxAttestationLifeSeconds,
  verifyClientAttestation,
} from './client-attestation.ts'
export type { ProvenanceStatement } from './in-toto-statement.ts'
export { signStatement } from './in-toto-statement.ts'
export { manifestHash, toolsDigest } from './manifest-hash.ts'
export { verifyProvenance } from './provenance.ts'
export type { VoucherKey } from './voucher-key.ts'
export { generateVoucherKeyPem, openVoucherKey } from './voucher-key.ts'
