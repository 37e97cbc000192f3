import type { SessionId } from '@cordon/foundation'
import { partitionOfSession } from '@cordon/foundation'
import type { OutgoingRecord, Publisher, RecordCodec } from '@cordon/stream'

import type { SessionLog, SessionRecord } from '../ports.ts'

export interface SessionLogOptions {
  readonly publisher: Publisher
  readonly codec: RecordCodec
  /** Records that may wait for their acknowledgement before more are refused. */
  readonly maxPendingRecords: number
  /** Default: when it is sent. */
  readonly recordTime?: ((record: SessionRecord) => number) | undefined
  /** The queue was full: these never went out. */
  readonly onRefused: (records: readonly SessionRecord[]) => void
  /** These went out, or tried to, and were not acknowledged. */
  readonly onLost: (records: readonly SessionRecord[], error: unknown) => void
}

/** `session-events`. */
export interface KafkaSessionLog extends SessionLog {
  readonly pendingRecords: number
}

export const createKafkaSessionLog = ({
  publisher,
  codec,
  maxPendingRecords,
  recordTime,
  onRefused,
  onLost,
}: SessionLogOptions): KafkaSessionLog => {
  let pendingRecords = 0

  const outgoing = (sessionId: SessionId, record: SessionRecord): OutgoingRecord => ({
    topic: 'session-events',
    partition: partitionOfSession(sessionId),
    key: sessionId,
    value: codec.encode('session-events', record.name, record.value),
    ...(recordTime && { timestamp: recordTime(record) }),
  })

  const publish = async (sessionId: SessionId, records: readonly SessionRecord[]): Promise<boolean> => {
    pendingRecords += records.length
    try {
      await publisher.publish(records.map(record => outgoing(sessionId, record)))
      return true
    } catch (error) {
      onLost(records, error)
      return false
    } finally {
      pendingRecords -= records.length
    }
  }

  return {
    get pendingRecords() {
      return pendingRecords
    },
    append(sessionId, records) {
      if (pendingRecords + records.length <= maxPendingRecords) return publish(sessionId, records)
      onRefused(records)
      return undefined
    },
  }
}
