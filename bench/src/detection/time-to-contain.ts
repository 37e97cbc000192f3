import { firstHeld, ofClass, type JudgedSession } from './judged-session.ts'

/** How long a hijack went on: from its first injected call to the call that was held, or to the session's end. */
export interface Containment {
  /** Injected calls and others that were forwarded from the first injected call on. */
  readonly calls: number
  readonly seconds: number
}

/** Cordon, with its own thresholds. */
export const containedByCordon = (sessions: readonly JudgedSession[]): readonly Containment[] =>
  ofClass(sessions, 'hijacked').map(session => until(session, firstHeld(session)))

/** A valid credential and a static tool list let every call pass: the hijack ends with the session. */
export const containedByPerimeter = (sessions: readonly JudgedSession[]): readonly Containment[] =>
  ofClass(sessions, 'hijacked').map(session => until(session, -1))

const until = ({ truth }: JudgedSession, held: number): Containment => {
  const first = truth.first_injected ?? 0
  const end = held < 0 ? truth.calls.length : Math.max(first, held)
  return { calls: end - first, seconds: end === first ? 0 : secondsBetween(truth, first, end) }
}

// Recorded without time stamps: step k of n begins at (k + 1) / (n + 1) of the session's length.
const secondsBetween = ({ calls, duration_s }: JudgedSession['truth'], from: number, to: number): number => {
  const steps = (calls.at(-1)?.step ?? 0) + 1
  const stepOf = (call: number): number => calls[call]?.step ?? steps
  return ((duration_s ?? 0) * (stepOf(to) - stepOf(from))) / (steps + 1)
}

/** @param share from 0 to 1 */
export const quantileOf = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0
