import type { Timers } from '../ports.ts'

export const nodeTimers: Timers = {
  now: () => performance.now(),
  after(milliseconds, listener) {
    const timer = setTimeout(listener, milliseconds).unref()
    return {
      refresh: () => void timer.refresh(),
      cancel: () => clearTimeout(timer),
    }
  },
}
