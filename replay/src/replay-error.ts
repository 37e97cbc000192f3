import { CordonError } from '@cordon/foundation'

export type ReplayErrorCode =
  /** Laid out one after the other, the sessions would begin before 1970. */
  | 'RECORDING_TOO_LONG'
  /** What is to be written would take the place of what is read. */
  | 'OUTPUT_IS_INPUT'
  | 'OUTPUT_UNWRITABLE'
  /** The key under which values are compared can neither be read nor made. */
  | 'KEY_UNUSABLE'
  /** No recorded call counts, so thresholds would rest on nothing. */
  | 'NOTHING_LEARNED'

export class ReplayError extends CordonError<ReplayErrorCode> {}
