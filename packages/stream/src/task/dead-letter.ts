import type { LogRecord, OutgoingRecord, RecordCodec } from '../ports.ts'

// A record may be as large as the broker takes, a commit holds half of that, with the states beside it.
const carriedBytes = 128 * 1024

/** The record for operators of what could not be processed. @param reason code, and what was expected and got */
export const deadLetter = (codec: RecordCodec, record: LogRecord, reason: string): OutgoingRecord => {
  const { topic, partition, offset, key, value } = record
  const carried = carry(value, carriedBytes)
  const carriedKey = carry(key, 1024)
  const left = (value?.length ?? 0) - (carried?.length ?? 0)
  return {
    topic: 'dead-letters',
    partition,
    key: carriedKey?.toString() ?? '',
    value: codec.encode('dead-letters', 'DeadLetter', {
      topic,
      partition,
      offset: Number(offset),
      reason:
        left > 0 ? `${reason} (the first ${carriedBytes} bytes of ${value?.length ?? 0} are here)` : reason,
      key: carriedKey,
      value: carried,
    }),
  }
}

const carry = (bytes: Buffer | null, limit: number): Buffer | null =>
  bytes === null || bytes.length <= limit ? bytes : bytes.subarray(0, limit)
