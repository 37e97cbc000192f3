import type { InputRecord, Output, ProcessResult, StateChange, StateView } from '@cordon/stream'

import type { Schedule } from './schedule.ts'
import type { Scoring } from './score-event.ts'
import type { SessionEntry } from './session-entry.ts'
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
  states: StateView<SessionEntry>,
  schedule: Schedule,
  { kernel, outputs, forgetAfterMs }: Scoring & { readonly forgetAfterMs: number },
): ProcessResult<SessionEntry> => {
  const forgotten = schedule.endedBefore(at - forgetAfterMs).slice(0, forgottenPerTick)
  const changes: StateChange<SessionEntry>[] = forgotten.map(key => ({ key, state: null }))
  const told: Output[] = forgotten.map(sessionId => outputs.forgotten(sessionId, partition))
  let moved = 0
  for (const sessionId of schedule.restless()) {
    if (moved === movedPerTick) break
    const entry = states.get(sessionId)
    const assessment = entry && kernel.tick(entry.session, at)
    if (entry === undefined || assessment === undefined) continue
    const cause = { partition, offset, sessionId, at, invocationId: null }
    const settled = settle(entry, assessment, cause, outputs)
    changes.push(...settled.changes)
    told.push(...settled.outputs)
    moved += 1
  }
  return { changes, outputs: told }
}
