import { limits } from './limits.ts'

/** How long a call may be under way between its agent and the log before it counts as unreported. */
const waitSeconds = 30
/** The engine puts one refusal of a flood a second on record, and drops the others. */
const floodSeconds = 2
/** What fits the encoding; no session makes so many calls. */
const maxSequence = 2 ** 32 - 3

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
 * went past every engine. Calls overtake each other on the way, so a number has its time to come.
 */
export class ProofWatch {
  /** The number after the highest that was seen; `undefined` where it is not known. */
  next: number | undefined = 0
  /** When a call was last refused for its rate. Whole seconds of record time. */
  floodedAt = 0
  #gaps: Gap[] = []

  get gaps(): readonly Gap[] {
    return this.#gaps
  }

  /** Puts back what was held. */
  restore(gap: Gap): void {
    this.#gaps.push(gap)
  }

  /** @param now record time, milliseconds since the Unix epoch */
  notice(sequence: number, now: number): void {
    if (sequence > maxSequence) return
    const { next } = this
    if (next !== undefined && sequence < next) return this.#fill(sequence)
    this.next = sequence + 1
    const since = secondsOf(now)
    if (next === undefined || sequence === next || since - this.floodedAt <= floodSeconds) return
    // Where there are too many, the oldest can still be named, and the newest give way.
    if (this.#gaps.length < limits.gaps) this.#gaps.push({ from: next, to: sequence, since })
  }

  /** A call was refused for its rate, and those after it may have been without a record. */
  flooded(now: number): void {
    this.floodedAt = secondsOf(now)
  }

  /** What was waited for in vain; it is not waited for any more. @returns `undefined`, and nothing changes, where there is nothing */
  takeUnreported(now: number): Unreported | undefined {
    const due = this.#gaps.filter(({ since }) => secondsOf(now) - since >= waitSeconds)
    if (due.length === 0) return undefined
    this.#gaps = this.#gaps.filter(gap => !due.includes(gap))
    return {
      calls: Math.min(
        maxSequence,
        due.reduce((calls, { from, to }) => calls + to - from, 0),
      ),
      first: Math.min(...due.map(({ from }) => from)),
    }
  }

  /** A call that was overtaken. */
  #fill(sequence: number): void {
    const place = this.#gaps.findIndex(({ from, to }) => sequence >= from && sequence < to)
    if (place < 0) return
    const gap = this.#gaps[place]!
    const left = [
      { ...gap, to: sequence },
      { ...gap, from: sequence + 1 },
    ].filter(({ from, to }) => from < to)
    const room = limits.gaps - this.#gaps.length + 1
    this.#gaps.splice(place, 1, ...left.slice(0, room))
  }
}

const secondsOf = (milliseconds: number): number => Math.floor(milliseconds / 1000)
