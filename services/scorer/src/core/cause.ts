import type { InputRecord } from '@cordon/stream'

/** The input record that outputs follow from. */
export interface Cause extends Pick<InputRecord, 'partition' | 'offset'> {
  readonly sessionId: string
  /** Record time, milliseconds since the Unix epoch. */
  readonly at: number
  readonly invocationId: string | null
}
