import type { Assessment, Kernel, Session, SessionEvent } from '@cordon/risk'
import type { ProcessResult, StateView } from '@cordon/stream'

import type { Cause } from './cause.ts'
import type { DecisionOutputs } from './decision-outputs.ts'
import type { SessionEntry } from './session-entry.ts'
import { settle } from './settle.ts'

type Result = ProcessResult<SessionEntry>

/** What scoring works with. */
export interface Scoring {
  readonly kernel: Kernel
  readonly outputs: DecisionOutputs
}

const nothing: Result = { changes: [], outputs: [] }

/** What follows from one record of a session's log. */
export const scoreEvent = (
  event: SessionEvent,
  cause: Cause,
  states: StateView<SessionEntry>,
  { kernel, outputs }: Scoring,
): Result => {
  const entry = states.get(cause.sessionId)
  if (event.name === 'SessionOpened') {
    // A session opens once: a second record of that must not wash it clean.
    if (entry !== undefined) return nothing
    const session = kernel.open(event.value, event.at)
    const opened = { session, human: event.value.human, signed: undefined }
    const decided = outputs.decided(opened, kernel.assess(session), cause)
    return { changes: [{ key: cause.sessionId, state: decided.entry }], outputs: decided.outputs }
  }
  const assessment = entry && judge(kernel, entry.session, event)
  const settled = entry && assessment ? settle(entry, assessment, cause, outputs) : nothing
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
