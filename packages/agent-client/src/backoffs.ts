import type { Timing } from './timing.ts'

/** By why a call was not counted, where another attempt in a moment may be: the waits between attempts, in milliseconds. */
const waits: ReadonlyMap<string, readonly number[]> = new Map([
  // Together longer than an engine takes to be restarted.
  ['ENGINE_UNAVAILABLE', [250, 1000, 2000]],
  // Together well below the 30 s after which a number counts as missing.
  ['RATE_LIMITED', [250, 500, 1000, 2000, 4000, 8000]],
])

/** Where a call above the rate would otherwise leave a gap; some such waits are within those 30 s, too. */
const gapWaitMs = 4000

/** How long one call still waits, and for what. */
export interface Backoffs {
  /**
   * @param reason why no engine counted it
   * @param leavesGap whether a number would be missing if it gave up: those above the rate together fill it then, the lowest first
   * @returns milliseconds, or nothing where no other attempt is worth it
   */
  next(reason: string, leavesGap: boolean): number | undefined
}

/** Of one call. */
export const createBackoffs = (timing: Pick<Timing, 'random'>): Backoffs => {
  const left = new Map([...waits].map(([reason, each]) => [reason, each.values()] as const))
  return {
    next: (reason, leavesGap) => {
      const waitMs = left.get(reason)?.next().value
      if (reason !== 'RATE_LIMITED') return waitMs
      const longer = waitMs ?? (leavesGap ? gapWaitMs : undefined)
      // Calls side by side would be too many at once again, each time.
      return longer && longer * (0.5 + timing.random())
    },
  }
}
