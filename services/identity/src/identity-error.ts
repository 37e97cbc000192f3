import { CordonError } from '@cordon/foundation'

export type IdentityErrorCode =
  | 'SEALED_OTHERWISE'
  | 'DATABASE_UNAVAILABLE'
  /** The values are why: others may be taken. */
  | 'DATABASE_REFUSED'
  /** Whatever the values are. */
  | 'DATABASE_FAILED'
  | 'HUMANS_FILE_UNREADABLE'
  | 'ACCOUNT_INVALID'
  | 'PASSWORD_TOO_SHORT'

export class IdentityError extends CordonError<IdentityErrorCode> {}
