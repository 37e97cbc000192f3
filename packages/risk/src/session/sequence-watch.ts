import { nameKey } from '../hash.ts'
import { limits } from './limits.ts'

const maxGaps = 65_535
const width = 3
/** Of numbers and seconds, as the encoding holds them. */
const most = 2 ** 32 - 1

/** Whether this attempt came before. */
export type Occurrence = 'first' | 'again' | 'unknown'

/** Follows each engine's count of a session's attempts, so that an attempt that never reached the log is noticed. */
export class SequenceWatch {
  /** Where the next engine goes when all places are taken. */
  oldest = 0
  /** Attempts that are missing. */
  gaps = 0
  /** An engine was dropped, so a first number above 0 means nothing any more. */
  forgot = false
  /** The latest time of a call of any engine that was dropped, in whole seconds of its clock: what is not later may have come before. */
  forgottenUpTo = 0
  /** Key of the engine, the number that comes next, and the latest time of a call, in whole seconds of its clock, side by side. */
  readonly #cells: number[] = []

  get size(): number {
    return this.#cells.length / width
  }

  /**
   * An engine that was killed can leave a run of records on the log twice. One that was started again under its name counts from 0, too, but later.
   * @param attemptedAt by the engine's clock, milliseconds since the Unix epoch
   * @param now the session's latest record time, milliseconds since the Unix epoch
   */
  notice(engineId: string, sequence: number, attemptedAt: number, now: number): Occurrence {
    const engine = nameKey(engineId)
    const at = secondsOf(attemptedAt)
    const occurrence = at <= this.forgottenUpTo ? 'unknown' : 'first'
    const place = this.#find(engine)
    if (place < 0) {
      this.#meet(engine, sequence, at)
      return occurrence
    }
    const expected = this.expectedAt(place)
    const latest = this.latestAt(place)
    if (sequence < expected) {
      // Its clock was ahead, and is set right: the start of what it counts anew is not later.
      const isSetBack = sequence === 0 && at <= secondsOf(now) && secondsOf(now) < latest
      if (at <= latest && !isSetBack) return 'again'
      this.#put(place, engine, after(sequence), at)
      return occurrence
    }
    this.#miss(sequence - expected)
    this.#put(place, engine, after(sequence), Math.max(at, latest))
    return occurrence
  }

  /** Puts back what was held. */
  restore(engine: number, expected: number, latest: number): void {
    this.#cells.push(engine, expected, latest)
  }

  engineAt(place: number): number {
    return this.#cells[place * width]!
  }

  expectedAt(place: number): number {
    return this.#cells[place * width + 1]!
  }

  /** Whole seconds since the Unix epoch; 0 where it is not known. */
  latestAt(place: number): number {
    return this.#cells[place * width + 2]!
  }

  #meet(engine: number, sequence: number, at: number): void {
    if (!this.forgot) this.#miss(sequence)
    if (this.size < limits.engines) this.restore(engine, after(sequence), at)
    else this.#replaceOldest(engine, after(sequence), at)
  }

  #miss(attempts: number): void {
    this.gaps = Math.min(maxGaps, this.gaps + attempts)
  }

  #put(place: number, ...cells: readonly [engine: number, expected: number, latest: number]): void {
    for (const [position, cell] of cells.entries()) this.#cells[place * width + position] = cell
  }

  #find(engine: number): number {
    const cells = this.#cells
    for (let cell = 0; cell < cells.length; cell += width) if (cells[cell] === engine) return cell / width
    return -1
  }

  #replaceOldest(engine: number, expected: number, latest: number): void {
    this.forgottenUpTo = Math.max(this.forgottenUpTo, this.latestAt(this.oldest))
    this.#put(this.oldest, engine, expected, latest)
    this.oldest = (this.oldest + 1) % limits.engines
    this.forgot = true
  }
}

const after = (sequence: number): number => Math.min(most, sequence + 1)

/** Whole seconds, as the encoding holds them. */
export const secondsOf = (milliseconds: number): number =>
  Math.min(most, Math.max(0, Math.floor(milliseconds / 1000)))
