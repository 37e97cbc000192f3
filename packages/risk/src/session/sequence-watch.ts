import { nameKey } from '../hash.ts'
import { limits } from './limits.ts'

const maxGaps = 65_535

/** Follows each engine's count of a session's attempts, so that an attempt that never reached the log is noticed. */
export class SequenceWatch {
  readonly engines: number[] = []
  /** The sequence number that comes next. */
  readonly expected: number[] = []
  /** Where the next engine goes when the list is full. */
  oldest = 0
  /** Attempts that are missing. */
  gaps = 0
  /** An engine was dropped from the list, so a first number above 0 means nothing any more. */
  forgot = false

  notice(engineId: string, sequence: number): void {
    const engine = nameKey(engineId)
    let position = this.engines.indexOf(engine)
    if (position < 0) {
      position = this.#add(engine)
      this.expected[position] = this.forgot ? sequence : 0
    }
    const expected = this.expected[position]!
    if (sequence > expected) this.gaps = Math.min(maxGaps, this.gaps + sequence - expected)
    this.expected[position] = sequence + 1
  }

  #add(engine: number): number {
    if (this.engines.length < limits.engines) return this.engines.push(engine) - 1
    const position = this.oldest
    this.forgot = true
    this.oldest = (position + 1) % limits.engines
    this.engines[position] = engine
    return position
  }
}
