import type { Assessment } from '@cordon/risk'
import type { ProcessResult } from '@cordon/stream'

import type { Cause } from './cause.ts'
import type { DecisionOutputs } from './decision-outputs.ts'
import type { SessionEntry } from './session-entry.ts'

/** What an assessment leaves behind: the session, and a decision where its standing or band changed. */
export const settle = (
  entry: SessionEntry,
  assessment: Assessment,
  cause: Cause,
  outputs: DecisionOutputs,
): ProcessResult<SessionEntry> => {
  if (assessment.duplicate) return { changes: [], outputs: [] }
  const isTold = assessment.standingChanged || assessment.bandChanged || outputs.isOwed(entry)
  const settled = isTold ? outputs.decided(entry, assessment, cause) : { entry, outputs: [] }
  return { changes: [{ key: cause.sessionId, state: settled.entry }], outputs: settled.outputs }
}
