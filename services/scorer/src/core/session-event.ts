import { CordonError, isSessionId, partitionOfSession } from '@cordon/foundation'
import type { SessionEvent } from '@cordon/risk'
import { clampRecordTime } from '@cordon/risk'
import type { InputRecord } from '@cordon/stream'

export type RefusedRecordCode = 'RECORD_MISPLACED' | 'RECORD_KEY_MISMATCH'

/**
 * A record of a session's log with its record time.
 * @throws CordonError `RECORD_MISPLACED` where it belongs into no session's log, `RECORD_KEY_MISMATCH` where it belongs into
 *   another's
 */
export const readSessionEvent = (input: InputRecord): SessionEvent => {
  const event = timed(input)
  requireOwnLog(input, event.value.sessionId)
  return event
}

const timed = ({ record, appendedAt }: InputRecord): SessionEvent => {
  switch (record.name) {
    case 'SessionOpened':
      return { ...record, at: clampRecordTime(record.value.openedAt, appendedAt) }
    case 'InvocationAttempted':
      return { ...record, at: clampRecordTime(record.value.attemptedAt, appendedAt) }
    case 'InvocationCompleted':
      return { ...record, at: clampRecordTime(record.value.completedAt, appendedAt) }
    case 'InvocationDenied':
      return { ...record, at: clampRecordTime(record.value.deniedAt, appendedAt) }
    case 'SessionEnded':
      return { ...record, at: clampRecordTime(record.value.endedAt, appendedAt) }
    default:
      throw new CordonError<RefusedRecordCode>(
        'RECORD_MISPLACED',
        `session event: expected a record of a session, got ${record.name}`,
      )
  }
}

// A record under another session's key, or on another partition than its session's, was written by something broken or
// lying. On another partition a session that is suspended could be opened once more, and be trusted there.
export const requireOwnLog = ({ key, partition }: InputRecord, sessionId: string): void => {
  if (key === sessionId && isSessionId(key) && partitionOfSession(key) === partition) return
  throw new CordonError<RefusedRecordCode>(
    'RECORD_KEY_MISMATCH',
    'session event: expected to stand under its session, on the partition of that, got another key or partition',
  )
}
