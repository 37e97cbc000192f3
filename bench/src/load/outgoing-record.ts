import { partitionOfSession, parseSessionId } from '@cordon/foundation'
import type { OutgoingRecord, RecordCodec } from '@cordon/stream'

import type { DueRecord } from './made-session.ts'

/** A record of the load as it goes to the log. @param now its time, milliseconds since the Unix epoch */
export const outgoing = (
  { sessionId, record }: DueRecord,
  codec: RecordCodec,
  now: number,
): OutgoingRecord => ({
  topic: 'session-events',
  partition: partitionOfSession(parseSessionId(sessionId)),
  key: sessionId,
  value: encoded(record, codec, now),
})

const encoded = (record: DueRecord['record'], codec: RecordCodec, now: number): Buffer => {
  switch (record.name) {
    case 'SessionOpened':
      return codec.encode('session-events', record.name, record.value(now))
    case 'InvocationAttempted':
      return codec.encode('session-events', record.name, record.value(now))
    case 'InvocationCompleted':
      return codec.encode('session-events', record.name, record.value(now))
    case 'SessionEnded':
      return codec.encode('session-events', record.name, record.value(now))
  }
}
