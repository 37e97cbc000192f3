import type { SessionId } from '@cordon/foundation'
import { partitionOfSession } from '@cordon/foundation'
import type { OutgoingRecord, Publisher, RecordCodec } from '@cordon/stream'

import type { Haste, LoggedRecord, Recording, SessionLog } from '../ports.ts'

/** 10,000 records of some 600 bytes: seconds of a busy engine, and 6 MB. */
const defaultMaxPendingRecords = 10_000

export interface SessionLogOptions {
  readonly publisher: Publisher
  readonly codec: RecordCodec
  /** Records that may wait for their acknowledgement before more are refused. */
  readonly maxPendingRecords?: number
  /** Default: when it is sent. */
  readonly recordTime?: ((record: LoggedRecord) => number) | undefined
  /** The queue was full: these never went out. */
  readonly onRefused: (records: readonly LoggedRecord[]) => void
  /** These went out, or tried to, and were not acknowledged. */
  readonly onLost: (records: readonly LoggedRecord[], error: unknown) => void
}

/** A session log, and who looks after it. */
export interface OpenSessionLog extends SessionLog {
  /** Records that the log has not acknowledged. */
  readonly pendingRecords: number
  append(sessionId: SessionId, records: readonly LoggedRecord[], haste: Haste): Recording | undefined
  /** What is pending goes out, or is kept. */
  close(): Promise<void>
}

/** `session-events`, from memory: what is pending is lost with this process. For played sessions, which can be played again. */
export const createKafkaSessionLog = ({
  publisher,
  codec,
  maxPendingRecords = defaultMaxPendingRecords,
  recordTime,
  onRefused,
  onLost,
}: SessionLogOptions): OpenSessionLog => {
  let pendingRecords = 0

  const outgoing = (sessionId: SessionId, record: LoggedRecord): OutgoingRecord => ({
    topic: 'session-events',
    partition: partitionOfSession(sessionId),
    key: sessionId,
    value: codec.encode('session-events', record.name, record.value),
    ...(recordTime && { timestamp: recordTime(record) }),
  })

  const publish = async (sessionId: SessionId, records: readonly LoggedRecord[]): Promise<boolean> => {
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
      if (pendingRecords + records.length > maxPendingRecords) {
        onRefused(records)
        return undefined
      }
      const published = publish(sessionId, records)
      return { onRecord: () => published }
    },
    close: () => publisher.close(),
  }
}
