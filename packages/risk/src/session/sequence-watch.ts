import { nameKey } from '../hash.ts'
import { limits } from './limits.ts'

const maxGaps = 65_535
const width = 2

/** Follows each engine's count of a session's attempts, so that an attempt that never reached the log is noticed. */
export class SequenceWatch {
  /** Where the next engine goes when all places are taken. */
  oldest = 0
  /** Attempts that are missing. */
  gaps = 0
  /** An engine was dropped, so a first number above 0 means nothing any more. */
  forgot = false
  /** Key of the engine and the number that comes next, side by side. */
  readonly #cells: number[] = []

  get size(): number {
    return this.#cells.length / width
  }

  notice(engineId: string, sequence: number): void {
    const engine = nameKey(engineId)
    const place = this.#find(engine)
    const expected = place >= 0 ? this.expectedAt(place) : this.forgot ? sequence : 0
    if (sequence > expected) this.gaps = Math.min(maxGaps, this.gaps + sequence - expected)
    if (place >= 0) this.#cells[place * width + 1] = sequence + 1
    else if (this.size < limits.engines) this.restore(engine, sequence + 1)
    else this.#replaceOldest(engine, sequence + 1)
  }

  /** Puts back what was held. */
  restore(engine: number, expected: number): void {
    this.#cells.push(engine, expected)
  }

  engineAt(place: number): number {
    return this.#cells[place * width]!
  }

  expectedAt(place: number): number {
    return this.#cells[place * width + 1]!
  }

  #find(engine: number): number {
    const cells = this.#cells
    for (let cell = 0; cell < cells.length; cell += width) if (cells[cell] === engine) return cell / width
    return -1
  }

  #replaceOldest(engine: number, expected: number): void {
    this.#cells[this.oldest * width] = engine
    this.#cells[this.oldest * width + 1] = expected
    this.oldest = (this.oldest + 1) % limits.engines
    this.forgot = true
  }
}
