import type { SessionId } from '@cordon/foundation'
import type { RateLimit } from '@cordon/policy'

import type { RefusalSource, SessionRates } from '../ports.ts'

/** Of sessions that are over, or never were, refusals can still be told: at most of so many, some 100 bytes each; the oldest go first. */
const maxTold = 10_000

/** The rates of every session that is not over. */
export interface RateLimiter extends SessionRates {
  /** The session is over. */
  forget(sessionId: SessionId): void
}

/** A token bucket, filled when it is looked at. */
interface Bucket {
  calls: number
  filledAt: number
}

/** Refusals of one source that are put on record, of one session. */
const toldRefusals: RateLimit = { callsPerSecond: 1, burst: 10 }

export const createRateLimiter = (): RateLimiter => {
  const calls = new Map<SessionId, Bucket>()
  const said = new Map<SessionId, Bucket>()
  const ended = new Map<SessionId, Bucket>()
  // Apart: whoever has less must not keep off the record what is done with more.
  const told: Readonly<Record<RefusalSource, Map<SessionId, Bucket>>> = {
    agent: new Map(),
    replayer: new Map(),
    anybody: new Map(),
  }

  const fill = (
    filled: Map<SessionId, Bucket>,
    sessionId: SessionId,
    { callsPerSecond, burst }: RateLimit,
    now: number,
  ): Bucket => {
    const held = filled.get(sessionId)
    if (held === undefined) {
      const bucket = { calls: burst, filledAt: now }
      filled.set(sessionId, bucket)
      return bucket
    }
    // A clock that was set back fills nothing and takes nothing.
    const passedMs = Math.max(0, now - held.filledAt)
    held.calls = Math.min(burst, held.calls + (passedMs * callsPerSecond) / 1000)
    held.filledAt = now
    return held
  }

  const isTaken = (bucket: Bucket, { burst }: RateLimit, calls: number): boolean => {
    const taken = Math.min(calls, burst)
    if (bucket.calls < taken) return false
    bucket.calls -= taken
    return true
  }

  return {
    take: (sessionId, limit, now, count) => isTaken(fill(calls, sessionId, limit, now), limit, count),
    takeOutcome: (sessionId, limit, now) => isTaken(fill(ended, sessionId, limit, now), limit, 1),
    takeMessages: (sessionId, limit, now, messages) =>
      isTaken(fill(said, sessionId, limit, now), limit, messages),
    tellRefusal(sessionId, source, now) {
      const buckets = told[source]
      const bucket = fill(buckets, sessionId, toldRefusals, now)
      const [oldest] = buckets.keys()
      if (buckets.size > maxTold && oldest !== undefined) buckets.delete(oldest)
      return isTaken(bucket, toldRefusals, 1)
    },
    forget(sessionId) {
      for (const buckets of [calls, said, ended]) buckets.delete(sessionId)
      for (const buckets of Object.values(told)) buckets.delete(sessionId)
    },
  }
}
