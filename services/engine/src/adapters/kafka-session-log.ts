import type { SessionId } from '@cordon/foundation'
import type { OutgoingRecord, Publisher, RecordCodec } from '@cordon/stream'

import type { Haste, LoggedRecord, NotRecorded, Recording, SessionLog } from '../ports.ts'
import { encodeRecords } from './encode-records.ts'

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
  /** These cannot be written, or went out and were not acknowledged. */
  readonly onLost: (records: readonly LoggedRecord[], error: unknown) => void
}

/** A session log, and who looks after it. */
export interface OpenSessionLog extends SessionLog {
  /** Records that the log has not acknowledged. */
  readonly pendingRecords: number
  append(sessionId: SessionId, records: readonly LoggedRecord[], haste: Haste): Recording | NotRecorded
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

  const outgoing = (sessionId: SessionId, records: readonly LoggedRecord[]): readonly OutgoingRecord[] =>
    encodeRecords(codec, sessionId, records).map((encoded, index) => ({
      topic: 'session-events',
      ...encoded,
      ...(recordTime && { timestamp: recordTime(records[index]!) }),
    }))

  const publish = async (
    records: readonly LoggedRecord[],
    encoded: readonly OutgoingRecord[],
  ): Promise<boolean> => {
    pendingRecords += records.length
    try {
      await publisher.publish(encoded)
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
      let encoded: readonly OutgoingRecord[]
      try {
        encoded = outgoing(sessionId, records)
      } catch (error) {
        onLost(records, error)
        return 'unwritable'
      }
      if (pendingRecords + records.length > maxPendingRecords) {
        onRefused(records)
        return 'full'
      }
      const published = publish(records, encoded)
      return { onRecord: () => published }
    },
    close: () => publisher.close(),
  }
}
