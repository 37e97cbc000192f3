import { CordonError } from '@cordon/foundation'

import type { DecodedRecord, KeyedValue, LogRecord } from '../ports.ts'
import { PoisonRecord, StreamError } from '../stream-error.ts'
import { BatchDraft } from './batch-draft.ts'
import type { DraftOptions } from './batch-draft.ts'
import { positionKey } from './changelog-key.ts'
import type { InputQueue } from './input-queue.ts'
import type { Interruption, MicroBatch } from './micro-batch.ts'
import type { Outbox } from './outbox.ts'
import { StagedStates } from './staged-states.ts'
import type { StateStore } from './state-store.ts'
import type { TaskLimits } from './task-limits.ts'

export interface BatchMakerOptions<State> extends Omit<DraftOptions<State>, 'staged' | 'resultBytes'> {
  readonly generation: number
  readonly limits: TaskLimits
  readonly store: StateStore<State>
  readonly queue: InputQueue
  readonly outbox: Outbox
}

/** The attempt came to nothing: its states are dropped, and a shorter stretch of the input is tried. */
interface Abandoned {
  readonly retryWith: number
}

// Shares of a commit: a micro-batch is closed as soon as it takes a quarter, so that what follows from its last record,
// however large that may be, still fits beside the removals and the position.
const filledShare = 1 / 4
const resultShare = 9 / 16
const removalsShare = 1 / 8
// Of one removal, at most.
const removalBytes = 64

/**
 * Computes micro-batches from the input queue, synchronously. Where it cuts the input does not show in states or
 * outputs, so it may cut where it likes: at the limits, before a record that must wait, before one that broke.
 */
export class BatchMaker<State> {
  readonly #options: BatchMakerOptions<State>
  // Records that processing broke on: they are poison when they are met again.
  readonly #condemned = new Map<bigint, string>()
  #staged: StagedStates<State>

  constructor(options: BatchMakerOptions<State>) {
    this.#options = options
    this.#staged = new StagedStates(options.store)
  }

  /** The queue must not be empty. @throws whatever breaks the task and not a record only */
  next(): MicroBatch | Interruption {
    let limit = Math.min(this.#options.queue.length, this.#options.limits.batchRecords)
    for (;;) {
      const attempt = this.#attempt(limit)
      if (!('retryWith' in attempt)) return attempt
      limit = attempt.retryWith
    }
  }

  /** The record cannot be processed, whoever tries. */
  condemn(offset: bigint, reason: string): void {
    this.#condemned.set(offset, reason)
  }

  /** The batch is committed: what it changed is what there is. */
  settle(batch: MicroBatch): void {
    this.#staged.settle(batch.changes)
    this.#options.queue.drop(batch.inputs)
    this.#options.outbox.removed(batch.removals)
    for (const { offset } of batch.poisons) this.#condemned.delete(offset)
  }

  #attempt(limit: number): MicroBatch | Interruption | Abandoned {
    const { partition, processor, codec, queue, limits } = this.#options
    const resultBytes = limits.batchBytes * resultShare
    this.#staged.begin()
    const draft = new BatchDraft({ partition, processor, codec, staged: this.#staged, resultBytes })
    let inputs = 0
    while (inputs < limit && draft.bytes < limits.batchBytes * filledShare) {
      const record = queue.at(inputs)!
      const decoded = this.#decode(record)
      if (typeof decoded === 'object' && 'cause' in decoded) {
        if (inputs === 0) return decoded
        break
      }
      try {
        if (typeof decoded === 'string') draft.stagePoison(record, decoded)
        else draft.stage(record.offset, this.#process(record, decoded))
      } catch (error) {
        return this.#abandon(error, record, inputs, limit)
      }
      inputs += 1
    }
    return this.#finish(draft, inputs)
  }

  /** The record, why it is poison, or why it must wait. */
  #decode({ key, value, offset }: LogRecord): DecodedRecord | string | Interruption {
    const condemned = this.#condemned.get(offset)
    if (condemned !== undefined) return condemned
    if (key === null || value === null) {
      return `POISON_RECORD: expected a key and a value, got ${key === null ? 'no key' : 'no value'}`
    }
    try {
      return this.#options.codec.decode(value)
    } catch (error) {
      if (mayPass(error)) return { offset, cause: error }
      return error instanceof PoisonRecord ? `${error.code}: ${error.message}` : reasonOf(error)
    }
  }

  #process({ offset, timestamp, key }: LogRecord, record: DecodedRecord) {
    const { partition, processor } = this.#options
    const input = { partition, offset, appendedAt: timestamp, key: key!.toString(), record }
    return processor.process(input, this.#staged)
  }

  // States handed out may be half changed: all of them are dropped, and computed again up to the record that broke.
  #abandon(error: unknown, record: LogRecord, inputs: number, limit: number): Interruption | Abandoned {
    this.#staged = new StagedStates(this.#options.store)
    if (isFatal(error)) throw error
    if (mayPass(error)) {
      return inputs === 0 ? { offset: record.offset, cause: error } : { retryWith: inputs }
    }
    this.#condemnOrThrow(record.offset, error)
    return { retryWith: inputs === 0 ? limit : inputs }
  }

  // A record that breaks even what is done about poison would break any owner: that must be loud.
  #condemnOrThrow(offset: bigint, error: unknown): void {
    if (this.#condemned.has(offset)) throw error
    this.#condemned.set(offset, reasonOf(error))
  }

  #finish(draft: BatchDraft<State>, inputs: number): MicroBatch {
    const { queue, limits, outbox } = this.#options
    const { offset, timestamp } = queue.at(inputs - 1)!
    const position = offset + 1n
    const changes = this.#staged.seal()
    const removals = outbox.confirmed(Math.floor((limits.batchBytes * removalsShare) / removalBytes))
    return {
      records: [
        ...changes,
        ...draft.outboxRecords,
        ...removals.map(key => ({ key, value: null })),
        this.#positionRecord(position),
      ],
      bytes: draft.bytes + removals.length * removalBytes,
      inputs,
      position,
      appendedAt: timestamp,
      changes,
      outputs: draft.outputs,
      removals: removals.length,
      poisons: draft.poisons,
    }
  }

  #positionRecord(offset: bigint): KeyedValue {
    const { codec, processor, generation } = this.#options
    const value = codec.encode(processor.changelog, 'Position', { offset: Number(offset), generation })
    return { key: positionKey, value }
  }
}

const isFatal = (error: unknown): boolean => error instanceof StreamError && error.code === 'STATE_UNREADABLE'

/** Codes and class names only: messages of unknown errors may quote the record. */
const reasonOf = (error: unknown): string => {
  if (error instanceof StreamError) return `${error.code}: ${error.message}`
  const name = error instanceof CordonError ? error.code : error instanceof Error ? error.name : typeof error
  return `PROCESSING_FAILED: expected a result, got ${name}`
}

/** A schema that is missing, a fault that is over soon, something that the processor waits for. */
const mayPass = (error: unknown): error is CordonError => error instanceof CordonError && error.retryable
