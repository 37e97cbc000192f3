/** Why a tool server does not act on a request. */
export type DownstreamFault =
  | 'TOKEN_ABSENT'
  | 'TOKEN_TOO_LARGE'
  | 'NOT_A_COMPACT_JWS'
  | 'HEADER_PARAMETER_REFUSED'
  | 'ALGORITHM_REFUSED'
  | 'TYPE_REFUSED'
  | 'KEY_UNKNOWN'
  | 'SIGNATURE_WRONG'
  | 'CLAIMS_MALFORMED'
  | 'ISSUER_REFUSED'
  | 'LIFE_TOO_LONG'
  | 'AUDIENCE_REFUSED'
  | 'EXPIRED'
  | 'ISSUED_IN_FUTURE'
  | 'METHOD_REFUSED'
  | 'TOOL_REFUSED'
  | 'ARGUMENTS_REFUSED'
  /** What a call says beside its arguments. */
  | 'REST_REFUSED'
  /** What a message says that calls nothing. */
  | 'CONTENT_REFUSED'
