import type { SessionId } from '@cordon/foundation'

import type { SessionRates } from '../ports.ts'

/** The rates of every session that is not over. */
export interface RateLimiter extends SessionRates {
  /** The session is over. */
  forget(sessionId: SessionId): void
}

/** How often a session's refusals are told, where it does not stop. */
const toldEveryMs = 1000

/** A token bucket, filled when it is looked at. */
interface Bucket {
  calls: number
  filledAt: number
  toldAt: number
}

export const createRateLimiter = (): RateLimiter => {
  const buckets = new Map<SessionId, Bucket>()

  const fill = (sessionId: SessionId, callsPerSecond: number, burst: number, now: number): Bucket => {
    const held = buckets.get(sessionId)
    if (held === undefined) {
      const bucket = { calls: burst, filledAt: now, toldAt: Number.NEGATIVE_INFINITY }
      buckets.set(sessionId, bucket)
      return bucket
    }
    // A clock that was set back fills nothing and takes nothing.
    const passedMs = Math.max(0, now - held.filledAt)
    held.calls = Math.min(burst, held.calls + (passedMs * callsPerSecond) / 1000)
    held.filledAt = now
    return held
  }

  return {
    take(sessionId, { callsPerSecond, burst }, now, calls) {
      const bucket = fill(sessionId, callsPerSecond, burst, now)
      const taken = Math.min(calls, burst)
      if (bucket.calls >= taken) {
        bucket.calls -= taken
        return 'admitted'
      }
      if (Math.abs(now - bucket.toldAt) < toldEveryMs) return 'repeated'
      bucket.toldAt = now
      return 'limited'
    },
    forget(sessionId) {
      buckets.delete(sessionId)
    },
  }
}
