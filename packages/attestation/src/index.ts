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
export type { JwsAlgorithm } from './jws-algorithm.ts'
export { manifestHash, toolsDigest } from './manifest-hash.ts'
export { verifyProvenance } from './provenance.ts'
export type {
  SessionRevokedEvent,
  SessionRevokedFault,
  SessionRevokedVerification,
} from './session-revoked-event.ts'
export { verifySetSessionRevoked } from './session-revoked-event.ts'
export type { VoucherKey } from './voucher-key.ts'
export { generateVoucherKeyPem, openVoucherKey } from './voucher-key.ts'
