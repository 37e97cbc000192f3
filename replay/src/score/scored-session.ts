import type { Contribution, Standing, Verdict } from '@cordon/schemas'

/** What Cordon made of one recorded session. */
export interface ScoredSession {
  /** As it was recorded. */
  readonly sid: string | number
  /** In the order in which they were recorded. */
  readonly calls: readonly ScoredCall[]
}

/** What Cordon made of one call at the moment it was made. */
export interface ScoredCall {
  /** In the recording, from 0. */
  readonly index: number
  /** 0-100. */
  readonly score: number
  readonly standing: Standing
  /** What an engine would have done with the call. */
  readonly verdict: Verdict
  /** Nats. */
  readonly evidence: number
  readonly contributions: readonly Contribution[]
}
