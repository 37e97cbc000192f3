import type { Session } from './session/session.ts'
import { heldNats, isCallSignal } from './signals/call-evidence.ts'
import { model } from './signals/model.ts'

const decayPerMs = Math.LN2 / model.evidenceHalfLifeMs

/** How long the session was silent since then: never negative, and no longer than what may be forgiven at once. */
export const silenceMs = (since: number, now: number): number =>
  Math.min(model.maxSilenceMs, Math.max(0, now - since))

/** The share of evidence that is left after so long. */
const keptAfter = (elapsedMs: number): number => Math.exp(-decayPerMs * elapsedMs)

const fade = (session: Session, elapsedMs: number): void => {
  if (elapsedMs === 0) return
  const held = heldNats(session)
  // What speaks against misuse does not fade: waiting must not look worse than work.
  const spared = held <= 0
  if (spared && evidenceOf(session) === held) return
  const kept = keptAfter(elapsedMs)
  for (let position = 0; position < session.evidence.length; position += 1)
    if (!spared || !isCallSignal(position)) session.evidence[position]! *= kept
}

/** Silence lets evidence fade; the session's own time goes on once the record is judged. */
export const passTime = (session: Session, now: number): void => {
  const elapsedMs = silenceMs(session.lastAt, now)
  fade(session, elapsedMs)
  session.draft.wait(elapsedMs)
}

/** What evidence there will be after so long. */
export const fadedEvidence = (session: Session, elapsedMs: number): number => {
  const kept = keptAfter(elapsedMs)
  const held = heldNats(session)
  return kept * (evidenceOf(session) - held) + (held > 0 ? kept * held : held)
}

/** The sum over the signals, always in the same order. */
export const evidenceOf = ({ evidence }: Session): number => {
  let sum = 0
  for (let position = 0; position < evidence.length; position += 1) sum += evidence[position]!
  return sum
}
