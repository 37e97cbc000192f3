import { nameKey } from '../hash.ts'
import { limits } from './limits.ts'

const maxGaps = 65_535
const width = 3
/** Of numbers and seconds, as the encoding holds them. */
const most = 2 ** 32 - 1

/** Follows each engine's count of a session's attempts, so that an attempt that never reached the log is noticed. */
export class SequenceWatch {
  /** Where the next engine goes when all places are taken. */
  oldest = 0
  /** Attempts that are missing. */
  gaps = 0
  /** An engine was dropped, so a first number above 0 means nothing any more. */
  forgot = false
  /** Key of the engine, the number that comes next, and the latest time of a call, in whole seconds of its clock, side by side. */
  readonly #cells: number[] = []

  get size(): number {
    return this.#cells.length / width
  }

  /**
   * An engine that was killed can leave a run of records on the log twice. One that was started again under its name counts from 0, too, but later.
   * @param attemptedAt by the engine's clock, milliseconds since the Unix epoch
   * @returns whether this attempt came before; false where that is not known
   */
  notice(engineId: string, sequence: number, attemptedAt: number): boolean {
    const engine = nameKey(engineId)
    const place = this.#find(engine)
    const at = Math.min(most, Math.max(0, Math.floor(attemptedAt / 1000)))
    if (place >= 0 && sequence < this.expectedAt(place) && at <= this.latestAt(place)) return true
    const expected = place >= 0 ? this.expectedAt(place) : this.forgot ? sequence : 0
    if (sequence > expected) this.gaps = Math.min(maxGaps, this.gaps + sequence - expected)
    const next = Math.min(most, sequence + 1)
    if (place >= 0) this.#put(place, engine, next, Math.max(at, this.latestAt(place)))
    else if (this.size < limits.engines) this.restore(engine, next, at)
    else this.#replaceOldest(engine, next, at)
    return false
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

  #put(place: number, ...cells: readonly [engine: number, expected: number, latest: number]): void {
    for (const [position, cell] of cells.entries()) this.#cells[place * width + position] = cell
  }

  #find(engine: number): number {
    const cells = this.#cells
    for (let cell = 0; cell < cells.length; cell += width) if (cells[cell] === engine) return cell / width
    return -1
  }

  #replaceOldest(engine: number, expected: number, latest: number): void {
    this.#put(this.oldest, engine, expected, latest)
    this.oldest = (this.oldest + 1) % limits.engines
    this.forgot = true
  }
}
