import { isSessionId, partitionOfSession, type SessionId } from '@cordon/foundation'
import type { Follower, StreamClient } from '@cordon/stream'

/** When a session last acted need not be known to the second; fetching each call as it comes took as much of the broker as scoring it. */
const restMs = 1000
const maxWaitMs = 1000

/**
 * Sees which sessions act, by keys and times of `session-events`: nothing is decoded. It starts at the end: what happened before is
 * in the database, or does not make a session idle yet.
 */
export const followActivity = async (options: {
  readonly client: StreamClient
  readonly onActed: (sessionId: SessionId, at: number) => void
}): Promise<Follower> =>
  options.client.openFollower({
    topic: 'session-events',
    from: await options.client.admin.endOffsets('session-events'),
    maxWaitMs,
    restMs,
    onRecords: (partition, records) => {
      for (const { key, timestamp } of records) {
        const sessionId = key?.toString() ?? ''
        if (isSessionId(sessionId) && partitionOfSession(sessionId) === partition)
          options.onActed(sessionId, timestamp)
      }
    },
  })
