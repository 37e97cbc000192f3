import { maxProofSequence } from '@cordon/schemas'

import { limits } from './limits.ts'

/** How long a call may be under way between its agent and the log before it counts as unreported. */
const waitSeconds = 30

/** Numbers that are missing: from the first up to, without it, the end. */
interface Gap {
  readonly from: number
  readonly to: number
  /** How many. Fewer than there are between where gaps had to be merged: which of them came is not known there. */
  readonly missing: number
  /** When a later one was seen. Whole seconds of record time. */
  readonly since: number
}

/** Calls that the agent proved and no engine reported. */
export interface Unreported {
  readonly calls: number
  /** Or a number before it that came, where gaps had to be merged. */
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
   * @param isTold another record of the same call came before with it, as far as one can know
   * @returns whether the number came before; false where that is not known
   */
  notice(sequence: number, now: number, isTold = false): boolean {
    if (sequence > maxProofSequence) return false
    const { next } = this
    if (next !== undefined && sequence < next)
      return !this.#fill(sequence, isTold) && sequence >= this.forgottenBelow
    this.next = sequence + 1
    if (sequence === next) return false
    if (next === undefined) this.#forget(sequence)
    else this.#open({ from: next, to: sequence, missing: sequence - next, since: secondsOf(now) })
    return false
  }

  /**
   * Where there are too many, the newest are one: none is missing unseen because of the order in which the others came. It waits from its
   * latest number on, and no longer than the gaps before it: then there is room, and it grows no more.
   */
  #open(gap: Gap): void {
    const newest = this.#gaps.length < limits.gaps ? undefined : this.#gaps.pop()
    this.#gaps.push(newest ? { ...gap, from: newest.from, missing: newest.missing + gap.missing } : gap)
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
        due.reduce((calls, { missing }) => calls + missing, 0),
      ),
      first: Math.min(...due.map(({ from }) => from)),
    }
  }

  /** A call that was overtaken. @returns whether it was waited for */
  #fill(sequence: number, isTold: boolean): boolean {
    const place = this.#gaps.findIndex(({ from, to }) => sequence >= from && sequence < to)
    if (place < 0) return false
    const gap = this.#gaps[place]!
    // Where each number is known, one that was told is not waited for.
    if (isTold && isMerged(gap)) return true
    const left = withoutOne(gap, sequence, this.#gaps.length < limits.gaps)
    if (left.length === 0 && isMerged(gap)) this.#forget(gap.to)
    this.#gaps.splice(place, 1, ...left)
    return true
  }

  /** Some numbers below this may still come, and are not waited for. */
  #forget(below: number): void {
    this.forgottenBelow = Math.max(this.forgottenBelow, below)
  }
}

/** Which of its numbers are missing is not known. */
export const isMerged = ({ from, to, missing }: Gap): boolean => missing < to - from

/** What is left of a gap when one of its numbers came. @param isRoom for two gaps in its place */
const withoutOne = (gap: Gap, sequence: number, isRoom: boolean): readonly Gap[] => {
  const { from, to, missing, since } = gap
  if (missing === 1) return []
  const isEdge = sequence === from || sequence === to - 1
  if (isMerged(gap) || (!isRoom && !isEdge)) return [{ ...gap, missing: missing - 1 }]
  return [
    { from, to: sequence, missing: sequence - from, since },
    { from: sequence + 1, to, missing: to - sequence - 1, since },
  ].filter(part => part.missing > 0)
}

const secondsOf = (milliseconds: number): number => Math.floor(milliseconds / 1000)
