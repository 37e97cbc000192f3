import type { InputRecord, Output, ProcessResult, StateChange, StateView } from '@cordon/stream'

import type { Schedule } from './schedule.ts'
import type { Scoring } from './score-event.ts'
import { sessionIn } from './scorer-state.ts'
import type { ScorerState } from './scorer-state.ts'
import { settle } from './settle.ts'

/**
 * Sessions that one tick moves or forgets; the next goes on. What follows from one record must fit into a commit
 * (288 KiB): a state takes 4 KiB and what is told of it some more, a tombstone some hundred bytes.
 */
const movedPerTick = 16
const forgottenPerTick = 256

/** What happens when nothing happens: suspicion fades, ended sessions are forgotten. */
export const tickSessions = (
  { partition, offset, appendedAt: at }: InputRecord,
  states: StateView<ScorerState>,
  schedule: Schedule,
  { kernel, outputs, lessons, forgetAfterMs }: Scoring & { readonly forgetAfterMs: number },
): ProcessResult<ScorerState> => {
  const forgotten = schedule.endedBefore(at - forgetAfterMs, forgottenPerTick)
  const changes: StateChange<ScorerState>[] = forgotten.map(key => ({ key, state: null }))
  const told: Output[] = forgotten.map(sessionId => outputs.forgotten(sessionId, partition))
  let moved = 0
  for (const sessionId of schedule.restless()) {
    if (moved === movedPerTick) break
    const entry = sessionIn(states, sessionId)
    const assessment = entry && kernel.tick(entry.session, at)
    if (entry === undefined || assessment === undefined) continue
    const cause = { partition, offset, sessionId, at, invocationId: null }
    const settled = settle(entry, assessment, cause, { outputs, lessons })
    changes.push(...settled.changes)
    told.push(...settled.outputs)
    moved += 1
  }
  return { changes, outputs: told }
}
