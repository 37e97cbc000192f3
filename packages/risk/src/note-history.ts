import type { BaselineView } from './baseline/baseline-view.ts'
import type { Session } from './session/session.ts'
import { model } from './signals/model.ts'
import { rememberFact } from './signals/remember-fact.ts'
import { signal } from './signals/signal.ts'
import { humanKey, startingNats } from './suspicion/suspicion.ts'

const minuteMs = 60_000

/** Weighs what earlier sessions of the same agent and human left behind. */
export const noteHistory = (
  session: Session,
  { suspicions }: BaselineView,
  human: string,
  weight: number,
): void => {
  if (suspicions.length === 0 || weight === 0) return
  const start = startingNats(suspicions, humanKey(human), session.lastAt)
  const nats = weight * (start?.nats ?? 0)
  if (start === undefined || nats < model.minFactNats) return
  session.evidence[signal.history] = nats
  rememberFact(session, signal.history, {
    code: 'earlier-sessions',
    nats,
    call: 0,
    tool: '',
    name: '',
    kind: 'other',
    count: Math.round(Math.max(0, session.lastAt - start.at) / minuteMs),
    usual: 0,
  })
}
