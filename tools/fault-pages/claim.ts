/** The two tables: what breaks, and what is sent. */
export type ClaimKind = 'fault' | 'input'

/** What one test proves about a fault or a bad input, as its comment says it. */
export interface Claim {
  readonly kind: ClaimKind
  /** The fault or the input: a noun phrase. */
  readonly what: string
  /** What whoever uses Cordon sees. */
  readonly behaviour: string
  /** The series that counts it, or `none: ` and why. */
  readonly counter: string
  readonly testName: string
  /** The test's code and what of the file it is about, without comments. */
  readonly proof: string
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly line: number
}
