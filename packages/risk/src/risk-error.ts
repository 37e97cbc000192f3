export type RiskErrorCode =
  'BASELINES_MALFORMED' | 'KERNEL_OPTION_INVALID' | 'SESSION_LOG_MALFORMED' | 'SESSION_STATE_MALFORMED'

/** What this package throws; the shape of foundation's `CordonError`, which it may not import. */
export class RiskError extends Error {
  readonly code: RiskErrorCode
  readonly retryable: boolean = false

  /** @param message says what was expected and what was got */
  constructor(code: RiskErrorCode, message: string) {
    super(message)
    this.name = 'RiskError'
    this.code = code
  }
}
