import type { Standing } from '@cordon/schemas'

/** Why a decision came about: the session opened, its standing became another, or only the band of its score. */
export type DecisionKind = 'opened' | 'band' | Standing

/** What a table saw: one column per field, because there are many. */
export interface SeenDecisions {
  readonly partitions: number[]
  /** Offset of the event that caused it. */
  readonly versions: number[]
  /** When the table held it, milliseconds of the monotonic clock. */
  readonly seenAt: number[]
  readonly kinds: DecisionKind[]
}

export const noSeenDecisions = (): SeenDecisions => ({ partitions: [], versions: [], seenAt: [], kinds: [] })
