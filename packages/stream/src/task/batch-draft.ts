import type { TopicName } from '@cordon/schemas'

import type { KeyedValue, LogRecord, RecordCodec } from '../ports.ts'
import type { Output, ProcessResult, StatefulProcessor } from '../stateful-processor.ts'
import { StreamError } from '../stream-error.ts'
import { outboxKey } from './changelog-key.ts'
import { deadLetter } from './dead-letter.ts'
import type { Poison } from './micro-batch.ts'
import type { Outgoing } from './outbox.ts'
import type { StagedStates } from './staged-states.ts'

export interface DraftOptions<State> {
  readonly partition: number
  readonly processor: StatefulProcessor<State>
  readonly codec: RecordCodec
  readonly staged: StagedStates<State>
  /** What follows from one record must not take more. */
  readonly resultBytes: number
}

/** Framing of one record in a record batch, at most. */
const recordOverheadBytes = 24

const recordSize = ({ key, value }: KeyedValue): number =>
  recordOverheadBytes + Buffer.byteLength(key) + (value?.length ?? 0)

/** A micro-batch while its input is being processed. */
export class BatchDraft<State> {
  readonly outputs: Outgoing[] = []
  readonly outboxRecords: KeyedValue[] = []
  readonly poisons: Poison[] = []
  readonly #options: DraftOptions<State>
  #bytes = 0

  constructor(options: DraftOptions<State>) {
    this.#options = options
  }

  /** Encoded size so far, at most: a state that changed twice counts twice. */
  get bytes(): number {
    return this.#bytes
  }

  /** @throws StreamError `RECORD_TOO_LARGE` */
  stage(offset: bigint, result: ProcessResult<State>): void {
    const before = this.#bytes
    this.#stage(offset, result, 0)
    this.#requireSize(before)
  }

  /**
   * Sends a record to the dead letters, and lets the processor draw its conclusions where it knows the key.
   * @throws StreamError `RECORD_TOO_LARGE`
   */
  stagePoison(record: LogRecord, reason: string): void {
    const { processor, codec, staged, partition } = this.#options
    const { offset, key } = record
    const before = this.#bytes
    this.poisons.push({ offset, reason })
    this.#add(offset, 0, { delivery: 'outbox', record: deadLetter(codec, record, reason) })
    const name = key?.toString()
    if (name === undefined || !staged.has(name)) return
    const input = { partition, offset, appendedAt: record.timestamp }
    this.#stage(offset, processor.processPoison(name, input, staged), 1)
    this.#requireSize(before)
  }

  #stage(offset: bigint, result: ProcessResult<State>, firstIndex: number): void {
    const { processor, staged } = this.#options
    for (const { key, state } of result.changes) {
      const value = state === null ? null : processor.encodeState(state)
      staged.stage({ key, state, value })
      this.#bytes += recordSize({ key, value })
    }
    for (const [index, output] of result.outputs.entries()) this.#add(offset, firstIndex + index, output)
  }

  // Of this record alone: it must not depend on what else is in the micro-batch.
  #requireSize(before: number): void {
    const bytes = this.#bytes - before
    const { resultBytes } = this.#options
    if (bytes <= resultBytes) return
    const message = `result of one record: expected at most ${resultBytes} bytes, got ${bytes}`
    throw new StreamError('RECORD_TOO_LARGE', message)
  }

  #add(offset: bigint, index: number, { record, delivery }: Output): void {
    const { processor, codec, partition } = this.#options
    this.#requireRoute(record.topic, delivery)
    if (delivery === 'claimed' && record.partition !== partition) {
      throw new RangeError(`output: expected claimed partition ${partition}, got ${record.partition}`)
    }
    if (delivery === 'once') {
      this.outputs.push({ record, outboxKey: null })
      return
    }
    const key = outboxKey({ offset, index })
    const entry = { key, value: codec.encode(processor.changelog, 'OutboxEntry', record) }
    this.outputs.push({ record, outboxKey: key })
    this.outboxRecords.push(entry)
    this.#bytes += recordSize(entry)
  }

  // A left-over output is routed by its topic alone, so topic and delivery must say the same.
  #requireRoute(topic: TopicName, delivery: Output['delivery']): void {
    const { changelog, claimed } = this.#options.processor
    const isClaimed = claimed.includes(topic)
    if (topic !== changelog && isClaimed === (delivery === 'claimed')) return
    const expected = isClaimed ? 'claimed' : 'outbox or once'
    throw new RangeError(`output to ${topic}: expected delivery ${expected}, got ${delivery}`)
  }
}
