import { CordonError } from '@cordon/foundation'

export type IdentityErrorCode =
  | 'KEY_FILE_UNREADABLE'
  | 'KEY_FILE_EXPOSED'
  | 'KEY_FILE_INVALID'
  | 'SIGNING_KEY_SEALED'
  | 'DATABASE_UNAVAILABLE'
  | 'DATABASE_REFUSED'
  | 'HUMANS_FILE_UNREADABLE'
  | 'HUMANS_FILE_EXPOSED'
  | 'PASSWORD_TOO_SHORT'

export class IdentityError extends CordonError<IdentityErrorCode> {}
