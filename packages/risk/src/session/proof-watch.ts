import { maxProofSequence } from '@cordon/schemas'

import { limits } from './limits.ts'

/** How long a call may be under way between its agent and the log before it counts as unreported. */
const waitSeconds = 30

/** Numbers that are missing: from the first up to, without it, the end. */
interface Gap {
  readonly from: number
  readonly to: number
  /** When a later one was seen. Whole seconds of record time. */
  readonly since: number
}

/** Calls that the agent proved and no engine reported. */
export interface Unreported {
  readonly calls: number
  readonly first: number
}

/**
 * Follows the agent's own count of its guarded calls, which stands in their proofs: a number that stays missing is a call that
 * went past every engine. Calls overtake each other on the way, so a number has its time to come. One that comes again was used
 * twice: an engine takes each once, another engine does not know of it.
 */
export class ProofWatch {
  /** The number after the highest that was seen; `undefined` where it is not known. */
  next: number | undefined = 0
  /** Whether a number below this came before is not known any more. */
  forgottenBelow = 0
  #gaps: Gap[] = []

  get gaps(): readonly Gap[] {
    return this.#gaps
  }

  /** Puts back what was held. */
  restore(gap: Gap): void {
    this.#gaps.push(gap)
  }

  /**
   * @param now record time, milliseconds since the Unix epoch
   * @returns whether the number came before; false where that is not known
   */
  notice(sequence: number, now: number): boolean {
    if (sequence > maxProofSequence) return false
    const { next } = this
    if (next !== undefined && sequence < next) return !this.#fill(sequence) && sequence >= this.forgottenBelow
    this.next = sequence + 1
    if (sequence === next) return false
    // Where there are too many, the oldest can still be named, and the newest give way.
    if (next === undefined || this.#gaps.length >= limits.gaps) this.#forget(sequence)
    else this.#gaps.push({ from: next, to: sequence, since: secondsOf(now) })
    return false
  }

  /** What was waited for in vain; it is not waited for any more. @returns `undefined`, and nothing changes, where there is nothing */
  takeUnreported(now: number): Unreported | undefined {
    const due = this.#gaps.filter(({ since }) => secondsOf(now) - since >= waitSeconds)
    if (due.length === 0) return undefined
    this.#gaps = this.#gaps.filter(gap => !due.includes(gap))
    for (const { to } of due) this.#forget(to)
    return {
      calls: Math.min(
        maxProofSequence,
        due.reduce((calls, { from, to }) => calls + to - from, 0),
      ),
      first: Math.min(...due.map(({ from }) => from)),
    }
  }

  /** A call that was overtaken. @returns whether it was waited for */
  #fill(sequence: number): boolean {
    const place = this.#gaps.findIndex(({ from, to }) => sequence >= from && sequence < to)
    if (place < 0) return false
    const gap = this.#gaps[place]!
    const left = [
      { ...gap, to: sequence },
      { ...gap, from: sequence + 1 },
    ].filter(({ from, to }) => from < to)
    const room = limits.gaps - this.#gaps.length + 1
    this.#gaps.splice(place, 1, ...left.slice(0, room))
    for (const { to } of left.slice(room)) this.#forget(to)
    return true
  }

  /** Some numbers below this may still come, and are not waited for. */
  #forget(below: number): void {
    this.forgottenBelow = Math.max(this.forgottenBelow, below)
  }
}

const secondsOf = (milliseconds: number): number => Math.floor(milliseconds / 1000)
