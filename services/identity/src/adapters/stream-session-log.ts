import { partitionOfSession } from '@cordon/foundation'
import type { Publisher, RecordCodec } from '@cordon/stream'
import { StreamError } from '@cordon/stream'

import type { SessionLog, SessionRecord } from '../ports.ts'

/** `session-events` as identity writes it. */
export const createStreamSessionLog = (options: {
  readonly publisher: Publisher
  readonly codec: RecordCodec
  readonly onFault: (error: StreamError) => void
}): SessionLog => ({
  append: async (sessionId, record) => {
    try {
      await options.publisher.publish([
        {
          topic: 'session-events',
          partition: partitionOfSession(sessionId),
          key: sessionId,
          value: encode(options.codec, record),
        },
      ])
      return true
    } catch (error) {
      if (!(error instanceof StreamError)) throw error
      options.onFault(error)
      return false
    }
  },
})

const encode = (codec: RecordCodec, record: SessionRecord): Buffer =>
  record.name === 'SessionOpened'
    ? codec.encode('session-events', record.name, record.value)
    : codec.encode('session-events', record.name, record.value)
