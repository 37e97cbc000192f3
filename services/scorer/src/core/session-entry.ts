import type { Signature } from '@cordon/decisions'
import type { Session } from '@cordon/risk'

/** What the scorer keeps of a session. */
export interface SessionEntry {
  readonly session: Session
  /** Whose session it is; scoring does not look at it, signals name it. */
  readonly human: string
  /** The standing that was signed last; `undefined` where it is to be signed anew. */
  readonly signed: SignedStanding | undefined
}

/** What every decision repeats until the standing changes. */
export interface SignedStanding extends Signature {
  /** Version of the decision at which the standing began. */
  readonly standingVersion: number
}
