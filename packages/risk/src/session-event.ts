import type { Records } from '@cordon/schemas'

type SessionRecordName =
  'SessionOpened' | 'InvocationAttempted' | 'InvocationCompleted' | 'InvocationDenied' | 'SessionEnded'

/** One record of a session's log, with its record time. */
export type SessionEvent = {
  [Name in SessionRecordName]: {
    readonly name: Name
    readonly value: Records[Name]
    /** See `clampRecordTime`; milliseconds since the Unix epoch. */
    readonly at: number
  }
}[SessionRecordName]
