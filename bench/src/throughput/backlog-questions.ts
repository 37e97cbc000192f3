import type { StreamAccess } from '../stack/stream-access.ts'

/** What the process that writes the backlog is asked. A `type`: see `QuestionMap`. */
export type BacklogQuestions = {
  readonly write: { readonly question: BacklogPlan; readonly answer: Backlog }
}

export interface BacklogPlan {
  readonly access: StreamAccess
  readonly seed: number
  readonly partitions: number
  readonly badShare: number
  readonly eventsPerSecond: number
  readonly events: number
}

export interface Backlog {
  /** Ticks included. */
  readonly records: number
  readonly bytes: number
  readonly ticks: number
  /** Sessions that had opened and not ended, at most, in log time. */
  readonly liveAtMost: number
  readonly sessions: number
}
