import type { SessionId } from '@cordon/foundation'
import { partitionOfSession } from '@cordon/foundation'
import type { RecordCodec } from '@cordon/stream'
import { StreamError } from '@cordon/stream'

import type { LoggedRecord } from '../ports.ts'
import type { SpoolRecord } from './spool/frame.ts'

/** 512 KiB: several times what the bounds of a call leave room for, and below what the broker takes (`max.message.bytes`). */
const maxRecordBytes = 512 * 1024

/**
 * Records as they go out, all of them or none.
 * @throws SerdeError `VALUE_INVALID`, StreamError `RECORD_TOO_LARGE` for what no log takes; found before anything rests on it
 */
export const encodeRecords = (
  codec: Pick<RecordCodec, 'encode'>,
  sessionId: SessionId,
  records: readonly LoggedRecord[],
): readonly SpoolRecord[] => {
  const partition = partitionOfSession(sessionId)
  return records.map(({ name, value }) => ({
    partition,
    key: sessionId,
    value: bounded(name, codec.encode('session-events', name, value)),
  }))
}

const bounded = (name: LoggedRecord['name'], encoded: Buffer): Buffer => {
  if (encoded.length <= maxRecordBytes) return encoded
  throw new StreamError(
    'RECORD_TOO_LARGE',
    `${name}: expected at most ${maxRecordBytes} bytes, got ${encoded.length}`,
  )
}
