import type { ScoredCall } from '@cordon/replay'

import type { RecordedSession } from './recorded-sessions.ts'

/** A session with what a scorer said of each of its calls. */
export interface JudgedSession {
  readonly truth: RecordedSession
  /** By call. */
  readonly evidence: readonly number[]
  /** By call; none from a simple scorer. */
  readonly calls: readonly ScoredCall[]
}

/** A session counts as touched by its first call beyond the threshold. @returns -1 where there is none */
export const firstBeyond = ({ evidence }: JudgedSession, threshold: number): number =>
  evidence.findIndex(nats => nats > threshold)

/** The first call that would not have been forwarded; -1 where all would. */
export const firstHeld = ({ calls }: JudgedSession): number =>
  calls.findIndex(({ verdict }) => verdict !== 'forward')

/** The highest evidence of a session, which may speak against misuse; one without calls has none. */
export const peakOf = ({ evidence }: JudgedSession): number =>
  evidence.length === 0 ? 0 : evidence.reduce((a, b) => Math.max(a, b))

export const ofClass = (
  sessions: readonly JudgedSession[],
  ...classes: readonly RecordedSession['class'][]
): readonly JudgedSession[] => sessions.filter(({ truth }) => classes.includes(truth.class))
