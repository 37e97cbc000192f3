import { ofClass, peakOf, type JudgedSession } from './judged-session.ts'

/** Less is no change: what was learned is not quite the same either. */
const changedNats = 0.1

/** Of so many benign sessions, how many have a lower peak where the human's request was declared. */
export interface Lowered {
  readonly lowered: number
  readonly sessions: number
}

/**
 * What a declared request does to the benign sessions that a threshold has to spare.
 * @param judged without it
 * @param withIntent the same sessions in the same order
 * @param threshold sessions that reach less are left out
 */
export const loweredByIntent = (
  judged: readonly JudgedSession[],
  withIntent: readonly JudgedSession[],
  threshold: number = -Infinity,
): Lowered => {
  const declared = new Map(withIntent.map(session => [session.truth.sid, peakOf(session)]))
  const reached = ofClass(judged, 'benign').filter(session => peakOf(session) >= threshold)
  return {
    lowered: reached.filter(session => declared.get(session.truth.sid)! < peakOf(session) - changedNats)
      .length,
    sessions: reached.length,
  }
}
