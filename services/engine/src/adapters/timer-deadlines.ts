import type { Deadlines } from '../ports.ts'

/** Deadlines on this process's timers. */
export const timerDeadlines: Deadlines = {
  within: (promise, limitMs) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(undefined), limitMs)
      promise.then(
        value => {
          clearTimeout(timer)
          resolve(value)
        },
        (error: unknown) => {
          clearTimeout(timer)
          reject(error)
        },
      )
    }),
}
