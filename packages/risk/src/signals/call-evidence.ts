import type { Session } from '../session/session.ts'
import type { Fact } from './fact.ts'
import { model } from './model.ts'
import { signal, signalNames } from './signal.ts'
import type { SignalIndex } from './signal.ts'

/** Signals that judge one call by what it is, in the order of the sum. */
const callSignals = [signal.tool, signal.resource, signal.provenance, signal.argument] as const

/** What the signals say about one call, gathered while it is judged and used for the next one again. */
export class CallEvidence {
  /** Nats, by signal; only those of `callSignals` are used. */
  readonly #nats = new Float64Array(signalNames.length)
  readonly #facts: (Fact | undefined)[] = signalNames.map(() => undefined)

  clear(): void {
    this.#nats.fill(0)
    this.#facts.fill(undefined)
  }

  natsOf(position: SignalIndex): number {
    return this.#nats[position]!
  }

  /** @param fact where the signal has something to tell */
  say(position: SignalIndex, nats: number, fact?: Fact): void {
    this.#nats[position] = nats
    this.#facts[position] = fact
  }

  /** What the call as a whole brings; negative where it is what the baseline expects. */
  get total(): number {
    let total = 0
    for (const position of callSignals) total += this.#nats[position]!
    return total
  }

  /**
   * Sets the session's evidence of calls. A session is as suspicious as its strongest call: steps of new work are unusual one
   * by one and not independently so, and adding them up would call every new task an attack. Conforming calls take a little
   * away; contributions below zero are taken from the others, so that what is left sums to the call's total.
   */
  settle(session: Session): void {
    const { total } = this
    const held = heldNats(session)
    if (total < held || total <= 0) {
      if (total < 0 && held > 0) scale(session, Math.max(0, held + total) / held)
      return
    }
    let raised = 0
    for (const position of callSignals) raised += Math.max(0, this.#nats[position]!)
    for (const position of callSignals)
      session.evidence[position] = (Math.max(0, this.#nats[position]!) * total) / raised
    this.#tell(session)
  }

  // The list is replaced, not changed: assessments hold on to it.
  #tell(session: Session): void {
    const facts = [...session.facts]
    for (const position of callSignals)
      facts[position] = session.evidence[position]! >= model.minFactNats ? this.#facts[position] : undefined
    session.facts = facts
  }
}

const heldNats = ({ evidence }: Session): number => {
  let held = 0
  for (const position of callSignals) held += evidence[position]!
  return held
}

const scale = ({ evidence }: Session, factor: number): void => {
  for (const position of callSignals) evidence[position]! *= factor
}
