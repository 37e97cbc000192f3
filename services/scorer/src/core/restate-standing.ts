import type { ProcessResult } from '@cordon/stream'

import type { Cause } from './cause.ts'
import type { Scoring } from './score-event.ts'
import type { ScorerState } from './scorer-state.ts'
import type { SessionEntry } from './session-entry.ts'

/**
 * Somebody wrote an older standing behind the one in force. Compaction would leave the older one: what is in force is written
 * behind it once more, and of a session that is forgotten nothing.
 */
export const restateStanding = (
  entry: SessionEntry | undefined,
  cause: Cause,
  { kernel, outputs }: Pick<Scoring, 'kernel' | 'outputs'>,
): ProcessResult<ScorerState> => {
  const { sessionId, partition } = cause
  if (entry === undefined) return { changes: [], outputs: [outputs.forgotten(sessionId, partition)] }
  const restated = outputs.decided(entry, kernel.assess(entry.session), cause)
  return { changes: [{ key: sessionId, state: restated.entry }], outputs: restated.outputs }
}
