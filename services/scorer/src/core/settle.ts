import type { Assessment } from '@cordon/risk'
import type { ProcessResult } from '@cordon/stream'

import type { Cause } from './cause.ts'
import type { Scoring } from './score-event.ts'
import type { ScorerState } from './scorer-state.ts'
import type { SessionEntry } from './session-entry.ts'

/** What an assessment leaves behind: the session, and a decision where its standing or band changed. */
export const settle = (
  entry: SessionEntry,
  assessment: Assessment,
  cause: Cause,
  { outputs, lessons }: Pick<Scoring, 'outputs' | 'lessons'>,
): ProcessResult<ScorerState> => {
  if (assessment.duplicate) return { changes: [], outputs: [] }
  const isTold = assessment.standingChanged || assessment.bandChanged || outputs.isOwed(entry)
  const settled = isTold ? outputs.decided(entry, assessment, cause) : { entry, outputs: [] }
  const told = [...settled.outputs, ...outputs.missed(entry, assessment, cause)]
  const suspended = assessment.standingChanged && assessment.standing === 'suspended'
  return {
    changes: [{ key: cause.sessionId, state: settled.entry }],
    outputs: suspended ? [...told, lessons.suspended(entry, cause)] : told,
  }
}
