import type { Clock } from '@cordon/foundation'

/** Stops what has not begun yet. */
export type Cancel = () => void

/** Where a task's time comes from; a driver puts its own in place and decides what happens next. */
export interface Scheduler extends Clock {
  /** Milliseconds that only ever grow, for measuring. */
  elapsed(): number
  after(milliseconds: number, run: () => void): Cancel
  /** Runs after what the event loop has at hand: what was written leaves first, what arrived is read first. */
  soon(run: () => void): void
}

export const systemScheduler: Scheduler = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
  soon: run => {
    setImmediate(run)
  },
}
