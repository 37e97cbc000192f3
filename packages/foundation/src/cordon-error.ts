/** What every error of Cordon carries. `Code` is the union of codes that the throwing package exports. */
export class CordonError<Code extends string = string> extends Error {
  readonly code: Code
  /** Whether the same call may succeed later without anything being changed. */
  readonly retryable: boolean

  /**
   * @param code machine-readable, stable, upper snake case (`'SESSION_ID_MALFORMED'`)
   * @param message says what was expected and what was got; never a token, key or payload
   */
  constructor(code: Code, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.retryable = options.retryable ?? false
  }
}
