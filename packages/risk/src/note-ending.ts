import { limits } from './session/limits.ts'
import { fitText } from './fit-text.ts'
import type { Session } from './session/session.ts'
import type { Expectations } from './signals/expectations.ts'
import { countOutcome, failureNats } from './signals/failure-signal.ts'
import { isNoteworthy, rememberFact } from './signals/remember-fact.ts'
import { signal } from './signals/signal.ts'

/** How a call ended, as far as the failure signal cares. */
export interface Ending {
  readonly tool: string
  readonly failed: boolean
  /** Refused by the engine rather than failed at the server. */
  readonly refused: boolean
}

/** Weighs how a call ended. */
export const noteEnding = (
  session: Session,
  expected: Expectations,
  weight: number,
  ending: Ending,
): void => {
  const nats = weight === 0 ? 0 : weight * failureNats(session, expected, ending.failed)
  countOutcome(session, ending.failed)
  if (nats > 0 && isNoteworthy(session, signal.failures, nats))
    rememberFact(session, signal.failures, {
      code: ending.refused ? 'call-denied' : 'call-failed',
      nats,
      call: Math.max(0, session.calls - 1),
      tool: fitText(ending.tool, limits.nameBytes),
      name: '',
      kind: 'other',
      count: session.failures,
      usual: session.outcomes,
    })
  session.evidence[signal.failures] = Math.max(0, session.evidence[signal.failures]! + nats)
}
