import type { Session } from '../session/session.ts'
import type { Fact } from './fact.ts'
import { model } from './model.ts'
import { signal, signalNames } from './signal.ts'
import type { SignalIndex } from './signal.ts'

/** Signals that judge one call by what it is, in the order of the sum. */
const callSignals = [signal.tool, signal.resource, signal.provenance, signal.argument] as const

const marks: readonly boolean[] = signalNames.map((_, position) =>
  (callSignals as readonly number[]).includes(position),
)

export const isCallSignal = (position: number): boolean => marks[position]!

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

  factOf(position: SignalIndex): Fact | undefined {
    return this.#facts[position]
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
   * away from what speaks for misuse, and never turn it into the opposite.
   */
  settle(session: Session): void {
    const { total } = this
    const held = heldNats(session)
    if (session.calls === 0 || total >= held) {
      for (const position of callSignals) session.evidence[position] = this.#nats[position]!
      this.#tell(session)
    } else if (total < 0 && held > 0) scale(session, Math.max(0, held + total) / held)
  }

  // The list is replaced, not changed: assessments hold on to it.
  #tell(session: Session): void {
    if (!this.#changesFacts(session)) return
    const facts = [...session.facts]
    for (const position of callSignals)
      facts[position] = session.evidence[position]! >= model.minFactNats ? this.#facts[position] : undefined
    session.facts = facts
  }

  // Most calls have nothing to tell, after others that had nothing either.
  #changesFacts({ facts }: Session): boolean {
    for (const position of callSignals)
      if (this.#facts[position] !== undefined || facts[position] !== undefined) return true
    return false
  }
}

/** What the session's strongest call brought. */
export const heldNats = ({ evidence }: Session): number => {
  let held = 0
  for (const position of callSignals) held += evidence[position]!
  return held
}

const scale = ({ evidence }: Session, factor: number): void => {
  for (const position of callSignals) evidence[position]! *= factor
}
