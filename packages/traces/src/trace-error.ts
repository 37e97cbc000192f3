import { CordonError } from '@cordon/foundation'

export type TraceErrorCode =
  /** There is no such file, or it cannot be read. */
  | 'RECORDING_UNREADABLE'
  /** Its compression ends early or is none. */
  | 'RECORDING_DAMAGED'
  /** Not one of its lines is a session. */
  | 'RECORDING_EMPTY'

export class TraceError extends CordonError<TraceErrorCode> {}
