import type { Contribution, Standing, Verdict } from '@cordon/schemas'

import type { ThresholdBasis } from './calibration/calibrated-thresholds.ts'
import type { Session } from './session/session.ts'
import { factText } from './signals/fact-text.ts'
import type { Fact } from './signals/fact.ts'
import { signalNames } from './signals/signal.ts'

/** What one record left a session at. Keeps no hold of the session: it stays true when the session goes on. */
export class Assessment {
  /** 0-100. */
  readonly score: number
  /** Nats; the sum of the contributions, to the last bit. */
  readonly evidence: number
  readonly standing: Standing
  readonly standingChanged: boolean
  /** Tens of the score, with hysteresis. */
  readonly band: number
  /** Told only where the standing stayed: either is a reason to publish. */
  readonly bandChanged: boolean
  /** What to do with the attempt; after any other record, what the standing says of a call that writes. */
  readonly verdict: Verdict
  /** The record had been seen before and changed nothing. */
  readonly duplicate: boolean
  /** Attempts of the session that never reached the log. */
  readonly gaps: number
  /** Of the baselines that it was computed from. */
  readonly baselineVersion: number
  /** Sessions that had taught the agent's baseline. */
  readonly baselineSessions: number
  /** What the threshold of the standing rests on; of `trusted`, the one that was not reached. */
  readonly thresholdBasis: ThresholdBasis
  /** Calls that this record showed to be missing; what they brought is part of the evidence. */
  readonly unreported: Contribution | undefined
  readonly #parts: readonly number[]
  readonly #facts: readonly (Fact | undefined)[]
  readonly #calls: number
  readonly #gateFact: Fact | undefined

  /**
   * @param change what the record changed
   * @param facts why the gate rule holds the call, whatever the strongest call was; which calls nobody reported
   */
  constructor(
    session: Session,
    score: number,
    evidence: number,
    verdict: Verdict,
    change: Change,
    baselineVersion: number,
    baselineSessions: number,
    thresholdBasis: ThresholdBasis,
    facts: { readonly unreported?: Fact | undefined; readonly gate?: Fact | undefined } = {},
  ) {
    const parts = session.evidence
    this.score = score
    this.evidence = evidence
    this.standing = session.standing
    this.standingChanged = change === 'standing'
    this.band = session.band
    this.bandChanged = change === 'band'
    this.verdict = verdict
    this.duplicate = change === 'duplicate'
    this.gaps = session.sequences.gaps
    this.baselineVersion = baselineVersion
    this.baselineSessions = baselineSessions
    this.thresholdBasis = thresholdBasis
    this.unreported = facts.unreported && {
      signal: 'integrity',
      nats: facts.unreported.nats,
      fact: factText(facts.unreported, session.calls),
    }
    this.#parts = [...parts]
    this.#facts = session.facts
    this.#calls = session.calls
    this.#gateFact = facts.gate
  }

  /** What explains the evidence, signal by signal in their fixed order; worded only when someone asks. */
  get contributions(): readonly Contribution[] {
    const contributions: Contribution[] = []
    for (const [position, signal] of signalNames.entries()) {
      const nats = this.#parts[position] ?? 0
      const fact = (signal === 'provenance' ? this.#gateFact : undefined) ?? this.#facts[position]
      if (nats === 0 && (signal !== 'provenance' || this.#gateFact === undefined)) continue
      contributions.push({ signal, nats, fact: this.#textOf(nats, fact) })
    }
    return contributions
  }

  #textOf(nats: number, fact: Fact | undefined): string {
    if (fact !== undefined) return factText(fact, this.#calls)
    return nats < 0 ? usual : unremarkable
  }
}

// Evidence that is worth a sentence always has a fact, but for what was decoded from a state that held none.
const unremarkable = 'slightly unusual, nothing remarkable by itself'
const usual = 'as usual for this agent'

/** What one record changed. A change of standing may move the band too. */
export type Change = 'none' | 'band' | 'standing' | 'duplicate'
