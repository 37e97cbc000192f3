import type { Assessment, Kernel } from '@cordon/risk'
import type { InputRecord, Output, ProcessResult, StateView } from '@cordon/stream'

import type { Cause, DecisionOutputs } from './decision-outputs.ts'
import type { Schedule } from './schedule.ts'
import type { SessionEntry } from './session-entry.ts'

type Result = ProcessResult<SessionEntry>

/** What a tick works with. */
export interface TickParts {
  readonly kernel: Kernel
  readonly outputs: DecisionOutputs
  readonly forgetAfterMs: number
  readonly settle: (entry: SessionEntry, assessment: Assessment, cause: Cause, schedule: Schedule) => Result
}

/** What happens when nothing happens: suspicion fades, ended sessions are forgotten. */
export const tickSessions = (
  input: InputRecord,
  states: StateView<SessionEntry>,
  schedule: Schedule,
  { kernel, outputs, settle, forgetAfterMs }: TickParts,
): Result => {
  const at = input.appendedAt
  const changes: Result['changes'][number][] = []
  const told: Output[] = []
  for (const sessionId of schedule.ended(at - forgetAfterMs)) {
    schedule.forget(sessionId)
    changes.push({ key: sessionId, state: null })
    told.push(outputs.forgotten(sessionId, input.partition))
  }
  for (const sessionId of schedule.restless()) {
    const entry = states.get(sessionId)
    const assessment = entry && kernel.tick(entry.session, at)
    if (entry === undefined || assessment === undefined) continue
    const settled = settle(entry, assessment, { input, sessionId, at, invocationId: null }, schedule)
    changes.push(...settled.changes)
    told.push(...settled.outputs)
  }
  return { changes, outputs: told }
}
