import type { Sessions } from '../core/sessions.ts'
import type { IdentityEvents } from '../events.ts'

/** How late a session may expire in its log; its tokens never outlive it. */
const sweepMs = 2000

/** Ends expired and abandoned sessions again and again. @returns stops it, and waits for a sweep under way */
export const startExpiry = (sessions: Sessions, events: IdentityEvents): (() => Promise<void>) => {
  let sweep: Promise<void> | undefined

  const run = async (): Promise<void> => {
    try {
      const [count] = await Promise.all([sessions.endExpired(), sessions.endAbandoned()])
      if (count > 0) events.sessionsExpired(count)
    } catch (error) {
      events.sweepFailed(error)
    } finally {
      sweep = undefined
    }
  }

  const timer = setInterval(() => {
    sweep ??= run()
  }, sweepMs)
  return async () => {
    clearInterval(timer)
    await sweep
  }
}
