import type { SessionId } from '@cordon/foundation'

/** A record of a session's log gets lost only with its broker: a minute spares the log where no scorer answers. */
const againAfterMs = 60_000
/** Told in one turn; more wait for the next, so that a flood of replays is none of reports. */
const maxAtOnce = 100
/** Sessions held, some 100 bytes each; of more, the oldest give way. */
const maxHeld = 10_000

/** A session whose newest record in `session-decisions` is an older standing. */
export interface ReplayedStanding {
  readonly sessionId: SessionId
  /** Of that older one. */
  readonly standingVersion: number
}

/**
 * Sessions of which compaction would leave an older standing than the one in force, because somebody wrote it behind that.
 * Their scorers have to be told, and state anew how they stand.
 */
export interface ReplayedStandings {
  replayed(sessionId: SessionId, standingVersion: number): void
  /** What stands last in the topic is what is in force, or nothing. */
  restated(sessionId: SessionId): void
  /** Those to be told now. @param now milliseconds of a clock that never steps */
  due(now: number): readonly ReplayedStanding[]
}

interface Held {
  readonly standingVersion: number
  readonly toldAt: number
}

export const createReplayedStandings = (): ReplayedStandings => {
  const held = new Map<SessionId, Held>()
  return {
    replayed(sessionId, standingVersion) {
      const toldAt = held.get(sessionId)?.toldAt ?? Number.NEGATIVE_INFINITY
      held.set(sessionId, { standingVersion, toldAt })
      const [oldest] = held.keys()
      if (held.size > maxHeld && oldest !== undefined) held.delete(oldest)
    },
    restated: sessionId => void held.delete(sessionId),
    due(now) {
      const due: ReplayedStanding[] = []
      for (const [sessionId, { standingVersion, toldAt }] of held) {
        if (due.length === maxAtOnce) break
        if (now - toldAt < againAfterMs) continue
        due.push({ sessionId, standingVersion })
        held.set(sessionId, { standingVersion, toldAt: now })
      }
      return due
    },
  }
}
