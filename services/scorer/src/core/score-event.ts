import type { Assessment, Kernel, Session, SessionEvent } from '@cordon/risk'
import type { ProcessResult, StateView } from '@cordon/stream'

import { pinsAt } from './active-baselines.ts'
import type { Cause } from './cause.ts'
import type { DecisionOutputs } from './decision-outputs.ts'
import type { LessonOutputs } from './lesson-outputs.ts'
import { sessionIn } from './scorer-state.ts'
import type { ScorerState } from './scorer-state.ts'
import { settle } from './settle.ts'

type Result = ProcessResult<ScorerState>

/** What scoring works with. */
export interface Scoring {
  readonly kernel: Kernel
  readonly outputs: DecisionOutputs
  readonly lessons: LessonOutputs
}

const nothing: Result = { changes: [], outputs: [] }

/** What follows from one record of a session's log. */
export const scoreEvent = (
  event: SessionEvent,
  cause: Cause,
  states: StateView<ScorerState>,
  { kernel, outputs, lessons }: Scoring,
): Result => {
  const entry = sessionIn(states, cause.sessionId)
  if (event.name === 'SessionOpened') {
    // A session opens once: a second record of that must not wash it clean.
    if (entry !== undefined) return nothing
    const { agentId, role } = event.value
    const session = kernel.open(event.value, event.at, pinsAt(states, agentId, role))
    const opened = { session, human: event.value.human, signed: undefined }
    const decided = outputs.decided(opened, kernel.assess(session), cause)
    return { changes: [{ key: cause.sessionId, state: decided.entry }], outputs: decided.outputs }
  }
  const standing = entry?.session.standing
  const assessment = entry && judge(kernel, entry.session, event)
  const settled = entry && assessment ? settle(entry, assessment, cause, { outputs, lessons }) : nothing
  if (event.name === 'SessionEnded' && entry && standing && assessment?.standingChanged)
    return { ...settled, outputs: [...settled.outputs, lessons.closed(entry, standing, cause)] }
  if (event.name !== 'InvocationAttempted' || event.value.mode !== 'gate') return settled
  return { ...settled, outputs: [outputs.judged(event.value, assessment, cause), ...settled.outputs] }
}

const judge = (
  kernel: Kernel,
  session: Session,
  event: Exclude<SessionEvent, { name: 'SessionOpened' }>,
): Assessment => {
  switch (event.name) {
    case 'InvocationAttempted':
      return kernel.attempt(session, event.value, event.at)
    case 'InvocationCompleted':
      return kernel.complete(session, event.value, event.at)
    case 'InvocationDenied':
      return kernel.deny(session, event.value, event.at)
    case 'SessionEnded':
      return kernel.end(session, event.value, event.at)
  }
}
