import type { TopicName } from '@cordon/schemas'

import type { DecodedRecord, OutgoingRecord } from './ports.ts'

/** A record of the input, decoded. */
export interface InputRecord {
  readonly partition: number
  readonly offset: bigint
  /** The broker's append time, milliseconds since the Unix epoch. */
  readonly appendedAt: number
  readonly key: string
  readonly record: DecodedRecord
}

/** What follows from one input record. */
export interface Output {
  readonly record: OutgoingRecord
  /**
   * `outbox`: part of the commit, published after it and again after a crash. `claimed`: the same, written through the
   * fenced writer because only the owner may write the topic. `once`: published after the commit and lost in a crash.
   */
  readonly delivery: 'outbox' | 'claimed' | 'once'
}

/** The state that one input record leaves behind. */
export interface StateChange<State> {
  readonly key: string
  /** `null` deletes the entry. */
  readonly state: State | null
}

export interface ProcessResult<State> {
  readonly changes: readonly StateChange<State>[]
  readonly outputs: readonly Output[]
}

/**
 * Reads the partition's state, staged changes of the running micro-batch included.
 *
 * What memory holds of a committed state is its bytes, as they stand in the changelog. `get` hands out an object that
 * belongs to the running micro-batch: decoded from those bytes, or the one that the last commit left behind. It may be
 * changed in place; when the batch is abandoned its objects are dropped and the bytes are as they were. So whoever
 * changes a state returns it in `changes`, and `decodeState(encodeState(state))` must lose nothing: whether a state is
 * decoded anew or met again as the same object depends on where the input was cut, and must not show.
 *
 * One and the same view is handed in for as long as nothing was abandoned, and another after it: an index of the states
 * may hang on it (`WeakMap<StateView, Index>`), built from `survey` where the view is new.
 */
export interface StateView<State> {
  get(key: string): State | undefined
  /**
   * Looks at the bytes of every state, in no particular order: for building an index, not for each record. Decoding them
   * all would hold up the partition for seconds after a restore; `look` reads what the index needs, and keeps nothing of them.
   */
  survey<Seen>(look: (value: Buffer) => Seen): IterableIterator<[string, Seen]>
}

/**
 * What the author of a stateful stream service writes. Must be deterministic: state and outputs follow from the records
 * alone, because a crash computes them again.
 */
export interface StatefulProcessor<State> {
  readonly input: TopicName
  readonly changelog: TopicName
  /** The compacted topics beside the changelog that only the owner writes. */
  readonly claimed: readonly TopicName[]
  /**
   * One of `changes` may be the argument's state, changed in place. Whatever this throws, except for what a later try may
   * cure (a retryable `CordonError`), makes the record poison: it goes to the dead letters, and `processPoison` draws the conclusion.
   */
  process(input: InputRecord, states: StateView<State>): ProcessResult<State>
  /**
   * A record whose key names a known entry could not be decoded or processed; it is on its way to the dead letters.
   * Whatever this throws stops the task: its partition then shows no beat, and engines act on that.
   */
  processPoison(
    key: string,
    input: Omit<InputRecord, 'record' | 'key'>,
    states: StateView<State>,
  ): ProcessResult<State>
  encodeState(state: State): Buffer
  /** @param value only lent: what is kept of it has to be copied @throws PoisonRecord, SchemaMissing */
  decodeState(value: Buffer): State
  /** The record that lets time pass in the log, written to the input once a second. */
  tick(partition: number, now: number): OutgoingRecord
  /**
   * The record that shows that the owner is alive and how far it is, written to the first claimed topic as soon as a
   * second's tick is committed, behind every decision up to there: a task that falls behind does not beat.
   */
  beat(partition: number, position: bigint, now: number): OutgoingRecord
}
