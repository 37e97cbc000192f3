import { CordonError } from '@cordon/foundation'

export type IdentityErrorCode =
  | 'SEALED_OTHERWISE'
  | 'DATABASE_UNAVAILABLE'
  | 'DATABASE_REFUSED'
  | 'HUMANS_FILE_UNREADABLE'
  | 'PASSWORD_TOO_SHORT'

export class IdentityError extends CordonError<IdentityErrorCode> {}
