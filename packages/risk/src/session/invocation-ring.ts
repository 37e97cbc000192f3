import { limits } from './limits.ts'

/** What was already taken from an invocation. */
export const seen = { attempt: 1, completion: 2, denial: 4 } as const

const markBits = 3
const marks = 7
const width = 2

/** The most recent invocations, so that a record delivered twice counts once. */
export class InvocationRing {
  /** Hash of the id, then number of the call (below 2^29) and marks in one: side by side, as they are needed together. */
  readonly #cells: number[] = []
  /** Place of the next one. */
  #next = 0

  get size(): number {
    return this.#cells.length / width
  }

  /** @param turn 0 is the oldest; added in this order, they make the same ring but for the places */
  placeOf(turn: number): number {
    return this.size < limits.invocations ? turn : (this.#next + turn) % limits.invocations
  }

  /** Place in the ring, -1 where unknown. */
  find(id: number): number {
    const cells = this.#cells
    // The latest is the most likely one.
    for (let cell = cells.length - width; cell >= 0; cell -= width)
      if (cells[cell] === id) return cell / width
    return -1
  }

  /** @returns the place */
  add(id: number, call: number): number {
    const place = this.#next
    this.#cells[place * width] = id
    this.#cells[place * width + 1] = call << markBits
    this.#next = (place + 1) % limits.invocations
    return place
  }

  idAt(place: number): number {
    return this.#cells[place * width]!
  }

  /** Number of the call in the session. */
  callAt(place: number): number {
    return this.#cells[place * width + 1]! >>> markBits
  }

  /** Bits of `seen`. */
  marksAt(place: number): number {
    return this.#cells[place * width + 1]! & marks
  }

  /** @returns whether it was not marked so before */
  mark(place: number, mark: number): boolean {
    if ((this.marksAt(place) & mark) !== 0) return false
    this.#cells[place * width + 1]! += mark
    return true
  }
}
