import type { Session } from '@cordon/risk'

/** What the scorer keeps of a session. */
export interface SessionEntry {
  readonly session: Session
  /** Whose session it is; scoring does not look at it, signals name it. */
  readonly human: string
}
