import { CordonError } from '@cordon/foundation'

export type IdentityErrorCode =
  'KEY_FILE_UNREADABLE' | 'KEY_FILE_EXPOSED' | 'DATABASE_UNAVAILABLE' | 'DATABASE_REFUSED'

export class IdentityError extends CordonError<IdentityErrorCode> {}
