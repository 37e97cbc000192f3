import { replayWindowSize } from '@cordon/tokens'

/**
 * Numbers at once that are of a request without an answer, or free again. A gap that calls above the rate leave has no more than these: at the
 * default rate it is closed within 3 s, where a number counts as missing after 30. And so many calls that take long can go on side by side.
 */
export const maxUnsettled = 256

/** Numbers the requests of a session: 0, 1, 2 … */
export interface CallSequence {
  /**
   * The lowest number that is free. Waits, in order, while too many are not settled, or one is so far behind that an engine might not tell
   * it from a replay any more; each taken number has to be settled.
   * @param signal of the request; whoever is aborted while they wait took none
   * @throws the signal's reason
   */
  take(signal?: AbortSignal | null): Promise<number>
  /**
   * What became of the request, as soon as its answer begins, or can begin no more; the first word counts.
   * @param fate `unused` where it never counted: the number goes to the next request, since a missing one would look like a call that was hidden
   */
  settle(number: number, fate: 'used' | 'unused'): void
  /** Whether a number below one that is not free is free itself: unless another request takes it, a call seems to be hidden. */
  readonly hasGap: boolean
}

export const createCallSequence = (): CallSequence => {
  let upcoming = 0
  /** All below are used. */
  let lowest = 0
  const unsettled = new Set<number>()
  /** Of those that are not settled; ascending. */
  const free: number[] = []
  const waiting = new Set<(number: number) => void>()

  const next = (): number | undefined => {
    const before = free.shift()
    if (before !== undefined) return before
    // Of all numbers that an engine may still see none is then below its window, in whatever order they come.
    if (unsettled.size >= maxUnsettled || upcoming - lowest >= replayWindowSize) return undefined
    unsettled.add(upcoming)
    upcoming += 1
    return upcoming - 1
  }

  const wait = (signal: AbortSignal | null | undefined): Promise<number> =>
    new Promise((resolve, reject) => {
      const get = (number: number): void => {
        signal?.removeEventListener('abort', leave)
        resolve(number)
      }
      const leave = (): void => {
        waiting.delete(get)
        reject(signal?.reason as Error)
      }
      waiting.add(get)
      signal?.addEventListener('abort', leave)
    })

  return {
    take: async signal => {
      signal?.throwIfAborted()
      return next() ?? wait(signal)
    },
    settle(number, fate) {
      if (!unsettled.has(number)) return
      if (fate === 'used') unsettled.delete(number)
      else free.push(number)
      free.sort((a, b) => a - b)
      while (lowest < upcoming && !unsettled.has(lowest)) lowest += 1
      for (const get of waiting) {
        const one = next()
        if (one === undefined) return
        waiting.delete(get)
        get(one)
      }
    },
    get hasGap() {
      const [first = upcoming] = free
      return upcoming - first > free.length
    },
  }
}
