import type { StreamAccess } from '../stack/stream-access.ts'

/** What the process that writes states is asked. A `type`: see `QuestionMap`. */
export type StateQuestions = {
  readonly write: { readonly question: StatePlan; readonly answer: WrittenStates }
}

export interface StatePlan {
  readonly access: StreamAccess
  readonly seed: number
  readonly partitions: number
  readonly badShare: number
  readonly sessions: number
  /** So many sessions of each partition are told. */
  readonly trials: number
}

export interface WrittenStates {
  /** Encoded size of one state. */
  readonly medianBytes: number
  readonly p99Bytes: number
  readonly totalBytes: number
  /** Some sessions of each partition. */
  readonly samples: readonly (readonly string[])[]
}
