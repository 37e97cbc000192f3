import { CordonError } from '@cordon/foundation'

export type TokenErrorCode =
  | 'SIGNING_KEY_INVALID'
  | 'HOLDER_KEY_INVALID'
  | 'DOWNSTREAM_KEY_INVALID'
  | 'STATUS_INVALID'
  | 'KEY_SET_INVALID'
  | 'STATUS_LIST_UNSAID'
  | 'IDENTITY_URL_INVALID'
  | 'TOKEN_LIFE_INVALID'
  | 'TOKEN_GRANT_INVALID'
  | 'TOKEN_CLAIMS_INVALID'
  | 'TOKEN_TOO_LARGE'
  | 'PROOF_SEQUENCE_INVALID'

/** What a caller did wrong; a token that does not verify is a value, not an error. */
export class TokenError extends CordonError<TokenErrorCode> {}
