import { CordonError } from '@cordon/foundation'

export type IdentityErrorCode =
  | 'SIGNING_KEY_SEALED'
  | 'DATABASE_UNAVAILABLE'
  | 'DATABASE_REFUSED'
  | 'HUMANS_FILE_UNREADABLE'
  | 'PASSWORD_TOO_SHORT'

export class IdentityError extends CordonError<IdentityErrorCode> {}
