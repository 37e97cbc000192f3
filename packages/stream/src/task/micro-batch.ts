import type { CordonError } from '@cordon/foundation'

import type { KeyedValue } from '../ports.ts'
import type { Outgoing } from './outbox.ts'

/** What follows from a stretch of the input, ready to be committed. */
export interface MicroBatch {
  /** The commit: states, outbox entries, removals of confirmed ones, position. */
  readonly records: readonly KeyedValue[]
  readonly bytes: number
  /** Input records. */
  readonly inputs: number
  /** Offset after the last of them. */
  readonly position: bigint
  readonly appendedAt: number
  readonly changes: readonly KeyedValue[]
  readonly outputs: readonly Outgoing[]
  /** Confirmed outbox entries that the commit removes. */
  readonly removals: number
  readonly poisons: readonly Poison[]
}

export interface Poison {
  readonly offset: bigint
  readonly reason: string
}

/** The input's first record cannot be processed now, but may be later. */
export interface Interruption {
  readonly offset: bigint
  /** A later try may cure it. */
  readonly cause: CordonError
}
