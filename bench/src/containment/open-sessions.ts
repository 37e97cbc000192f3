import { partitionOfSession, type SessionId } from '@cordon/foundation'
import { unboundOpening } from '@cordon/schemas'
import type { Publisher, RecordCodec } from '@cordon/stream'

import { whose } from './bench-agent.ts'

/** Opens sessions as identity does; resolves when that is on record. */
export const openSessions = async (
  sessionIds: readonly SessionId[],
  publisher: Publisher,
  codec: RecordCodec,
): Promise<void> => {
  const openedAt = Date.now()
  await publisher.publish(
    sessionIds.map(sessionId => ({
      topic: 'session-events' as const,
      partition: partitionOfSession(sessionId),
      key: sessionId,
      value: codec.encode('session-events', 'SessionOpened', {
        ...whose(sessionId),
        sessionId,
        openedAt,
        ...unboundOpening,
        conversationId: null,
        intent: null,
        intentWording: Buffer.alloc(0),
        bundleVersion: 1,
      }),
    })),
  )
}
