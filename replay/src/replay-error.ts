import { CordonError } from '@cordon/foundation'

export type ReplayErrorCode =
  /** Laid out one after the other, the sessions would begin before 1970. */
  'RECORDING_TOO_LONG'

export class ReplayError extends CordonError<ReplayErrorCode> {}
