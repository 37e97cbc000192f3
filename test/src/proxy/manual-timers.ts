import type { Timers } from '@cordon/proxy'

/** A proxy's time, in the hands of a test: however slow the machine is, nothing is late. */
export interface ManualTimers extends Timers {
  pass(milliseconds: number): void
}

export const manualTimers = (): ManualTimers => {
  const waiting = new Set<{ at: number; readonly listener: () => void }>()
  let now = 0
  return {
    now: () => now,
    after(milliseconds, listener) {
      const timer = { at: now + milliseconds, listener }
      waiting.add(timer)
      return {
        refresh() {
          timer.at = now + milliseconds
          waiting.add(timer)
        },
        cancel: () => void waiting.delete(timer),
      }
    },
    pass(milliseconds) {
      now += milliseconds
      const due = Array.from(waiting).filter(({ at }) => at <= now)
      for (const timer of due) {
        waiting.delete(timer)
        timer.listener()
      }
    },
  }
}
