/** Codes of JSON-RPC errors that the proxy gives itself. */
export const errorCode = {
  parseError: -32_700,
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internalError: -32_603,
  /** The request was no good as HTTP; the number that the official server uses. */
  badRequest: -32_000,
  /** The number that the official server uses. */
  sessionNotFound: -32_001,
  /** Cordon does not allow it; `data` says why. */
  refused: -32_010,
  /** The tool server did not do its part. */
  upstreamFailed: -32_011,
  upstreamTimeout: -32_012,
  /** A limit of the proxy is reached. */
  overloaded: -32_013,
  /** -32020 and below belong to MCP: a header says otherwise than the body. */
  headerMismatch: -32_020,
  missingCapability: -32_021,
  unsupportedVersion: -32_022,
} as const

export type ErrorCode = (typeof errorCode)[keyof typeof errorCode]
