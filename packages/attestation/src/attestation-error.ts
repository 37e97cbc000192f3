import { CordonError } from '@cordon/foundation'

export type AttestationErrorCode =
  'VOUCHER_KEY_INVALID' | 'ATTESTATION_INVALID' | 'GRANT_INVALID' | 'STATEMENT_INVALID'

/** What a caller did wrong; a document that does not verify is a value, not an error. */
export class AttestationError extends CordonError<AttestationErrorCode> {}
