import { setTimeout as sleep } from 'node:timers/promises'

/** Time and chance, so that tests need neither. */
export interface Timing {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Uniform in [0, 1). */
  random(): number
  wait(ms: number): Promise<void>
  /** Does not keep the process alive, and ends early where the signal aborts. */
  waitAside(ms: number, signal: AbortSignal): Promise<void>
}

export const systemTiming: Timing = {
  now: () => Date.now(),
  random: () => Math.random(),
  wait: ms => sleep(ms),
  waitAside: async (ms, signal) => {
    try {
      await sleep(ms, undefined, { ref: false, signal })
    } catch (error) {
      if (!signal.aborted) throw error
    }
  },
}
