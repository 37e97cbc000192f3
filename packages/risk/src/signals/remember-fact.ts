import type { Session } from '../session/session.ts'
import type { Fact } from './fact.ts'
import { model } from './model.ts'
import type { SignalIndex } from './signal.ts'

/** Whether evidence of this size would be worth telling beside what already explains the signal. */
export const isNoteworthy = (session: Session, signal: SignalIndex, nats: number): boolean => {
  const held = session.facts[signal]
  return (
    nats >= model.minFactNats &&
    (held === undefined || nats >= held.nats / 2 || session.evidence[signal] === 0)
  )
}

/** The list is replaced, not changed: assessments hold on to it. */
export const rememberFact = (session: Session, signal: SignalIndex, fact: Fact): void => {
  session.facts = session.facts.with(signal, fact)
}
