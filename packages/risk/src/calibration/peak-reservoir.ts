import { peaksOf } from './calibration.ts'
import type { Peaks, WorkPeaks } from './calibration.ts'

/** More are not remembered: thresholds follow how sessions look now. */
const maxSessions = 1000

/** Peak of a session in nats, and whether its work was new. */
export type PeakSample = readonly [nats: number, isNew: boolean]

/**
 * The peaks of the latest sessions, each judged live by the baseline that it began with, which had not learned from it. What was
 * calibrated beforehand from recorded sessions gives way to them one by one.
 */
export class PeakReservoir {
  readonly #before: WorkPeaks
  readonly #latest: PeakSample[]

  constructor(before: WorkPeaks, latest: readonly PeakSample[] = []) {
    this.#before = before
    this.#latest = [...latest]
  }

  get before(): WorkPeaks {
    return this.#before
  }

  /** Oldest first. */
  get latest(): readonly PeakSample[] {
    return this.#latest
  }

  add(peak: number, isNew: boolean): void {
    this.#latest.push([Math.round(peak * 1000) / 1000, isNew])
    if (this.#latest.length > maxSessions) this.#latest.shift()
  }

  /** Live there is nothing to leave out: what is new is new, and its share is what it is. */
  peaks(): WorkPeaks {
    const recurring = this.#latest.filter(([, isNew]) => !isNew).map(([nats]) => nats)
    const ofNew = this.#latest.filter(([, isNew]) => isNew).map(([nats]) => nats)
    const before = this.#before
    return { recurring: mixed(before.recurring, recurring), new: mixed(before.new, ofNew) }
  }
}

/** Sessions of before count for as many as are missing from as many live ones. */
const mixed = (before: Peaks, live: readonly number[]): Peaks => {
  const weight = before.sessions === 0 ? 0 : Math.max(0, 1 - live.length / before.sessions)
  const peaks = peaksOf([
    ...before.highest.map(([nats, held]) => [nats, held * weight] as const).filter(([, held]) => held > 0),
    ...live.map(nats => [nats, 1] as const),
  ])
  return { ...peaks, sessions: before.sessions * weight + live.length }
}
