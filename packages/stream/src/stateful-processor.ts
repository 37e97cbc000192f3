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

/** Reads the partition's state, staged changes of the running micro-batch included. */
export interface StateView<State> {
  get(key: string): State | undefined
  entries(): IterableIterator<[string, State]>
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
  /** One of `changes` may be the argument's state, changed in place: states handed out are copies of what was committed. */
  process(input: InputRecord, states: StateView<State>): ProcessResult<State>
  /** A record whose key names a known entry could not be decoded; it is in the dead letters already. */
  processPoison(
    key: string,
    input: Omit<InputRecord, 'record' | 'key'>,
    states: StateView<State>,
  ): ProcessResult<State>
  encodeState(state: State): Buffer
  /** @throws PoisonRecord */
  decodeState(value: Buffer): State
  /** The record that lets time pass in the log, written to the input once a second. */
  tick(partition: number, now: number): OutgoingRecord
  /** The record that shows that the owner is alive and how far it is, written to the first claimed topic once a second. */
  beat(partition: number, position: bigint, now: number): OutgoingRecord
}
