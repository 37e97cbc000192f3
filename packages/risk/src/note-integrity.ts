import type { InvocationAttempted } from '@cordon/schemas'

import { fitText } from './fit-text.ts'
import { limits } from './session/limits.ts'
import type { Unreported } from './session/proof-watch.ts'
import type { Session } from './session/session.ts'
import type { Fact } from './signals/fact.ts'
import { model } from './signals/model.ts'
import { isNoteworthy, rememberFact } from './signals/remember-fact.ts'
import { signal } from './signals/signal.ts'

interface Breach extends Pick<Fact, 'code' | 'tool' | 'nats'>, Partial<Pick<Fact, 'usual'>> {}

/** Weighs a record that could not be read: whoever garbles the log of a session must not gain by it. */
export const noteUndecodable = (session: Session, weight: number): void => {
  const nats = weight * model.integrity.undecodableNats
  if (nats === 0) return
  rememberFact(session, signal.integrity, factOf(session, { code: 'record-undecodable', nats }))
  session.evidence[signal.integrity]! += nats
}

/** Weighs a proof that came again. An engine says so only of one that it verified: junk is no replay. */
export const noteReplayed = (session: Session, weight: number, tool: string): void =>
  noteBreach(session, weight, { code: 'proof-replayed', nats: model.integrity.replayedNats, tool })

/**
 * Weighs a call whose proof has the number of another call that is on record. Each engine takes a number once, and an honest proxy never
 * gives one back that was counted; a connection that broke after the call was on its way can.
 */
export const noteReused = (
  session: Session,
  weight: number,
  { tool, proofSequence }: Pick<InvocationAttempted, 'tool' | 'proofSequence'>,
): void =>
  noteBreach(session, weight, {
    code: 'sequence-reused',
    nats: model.integrity.reusedNats,
    tool,
    usual: proofSequence ?? 0,
  })

/** Weighs a call of a tool whose definition is not the one that was shown, or approved. */
export const noteDrift = (
  session: Session,
  weight: number,
  { drift, tool }: Pick<InvocationAttempted, 'drift' | 'tool'>,
): void => {
  if (drift === 'none') return
  const code = drift === 'changed' ? 'definition-changed' : 'definition-unpinned'
  noteBreach(session, weight, { code, nats: model.integrity.driftedNats, tool })
}

/** Breaches count together up to a bound. */
const noteBreach = (session: Session, weight: number, breach: Breach): void => {
  const room = Math.max(0, weight * model.integrity.maxBreachNats - session.evidence[signal.integrity]!)
  const nats = Math.min(weight * breach.nats, room)
  if (isNoteworthy(session, signal.integrity, nats))
    rememberFact(
      session,
      signal.integrity,
      factOf(session, { ...breach, nats, tool: fitText(breach.tool, limits.nameBytes) }),
    )
  session.evidence[signal.integrity]! += nats
}

/** Weighs calls that were proved and never reported. @returns what there is to say of them, whatever they weigh */
export const noteUnreported = (session: Session, weight: number, { calls, first }: Unreported): Fact => {
  const { unreportedNats, maxUnreportedNats } = model.integrity
  const nats = weight * Math.min(maxUnreportedNats, calls * unreportedNats)
  const fact = factOf(session, { code: 'calls-unreported', nats, count: calls, usual: first })
  if (isNoteworthy(session, signal.integrity, nats)) rememberFact(session, signal.integrity, fact)
  session.evidence[signal.integrity]! += nats
  return fact
}

/** Of the latest call. What is not said is none. */
const factOf = (session: Session, said: Pick<Fact, 'code' | 'nats'> & Partial<Fact>): Fact => ({
  call: Math.max(0, session.calls - 1),
  tool: '',
  name: '',
  kind: 'other',
  count: 0,
  usual: 0,
  ...said,
})
