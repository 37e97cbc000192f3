import type { TimerOptions } from 'node:timers'
import { setTimeout as sleep } from 'node:timers/promises'

/** Time and chance, so that tests need neither. */
export interface Timing {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Uniform in [0, 1). */
  random(): number
  /** Ends early where the signal aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>
  /** The same, and does not keep the process alive. */
  waitAside(ms: number, signal: AbortSignal): Promise<void>
}

export const systemTiming: Timing = {
  now: () => Date.now(),
  random: () => Math.random(),
  wait: (ms, signal) => sleepUntil(ms, { ...(signal && { signal }) }),
  waitAside: (ms, signal) => sleepUntil(ms, { ref: false, signal }),
}

const sleepUntil = async (ms: number, options: TimerOptions): Promise<void> => {
  try {
    await sleep(ms, undefined, options)
  } catch (error) {
    if (options.signal?.aborted !== true) throw error
  }
}
