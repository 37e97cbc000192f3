import { limits } from './limits.ts'

/** What was already taken from an invocation. */
export const seen = { attempt: 1, completion: 2, denial: 4 } as const

/** The most recent invocations, so that a record delivered twice counts once. */
export class InvocationRing {
  readonly ids: number[] = []
  /** Number of the call in the session. */
  readonly calls: number[] = []
  /** Bits of `seen`. */
  readonly marks: number[] = []
  /** Where the next one goes once the ring is full. */
  next = 0

  /** Position in the ring, -1 where unknown. */
  find(id: number): number {
    return this.ids.indexOf(id)
  }

  /** @returns the position */
  add(id: number, call: number): number {
    const position = this.ids.length < limits.invocations ? this.ids.length : this.next
    if (position === this.next) this.next = (position + 1) % limits.invocations
    this.ids[position] = id
    this.calls[position] = call
    this.marks[position] = 0
    return position
  }
}
