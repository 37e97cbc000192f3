import type { TopicName } from '@cordon/schemas'

import type { KeyedValue, LogRecord } from '../ports.ts'
import { Fenced, StreamError } from '../stream-error.ts'

/** Who writes, and where the batch stands in that producer's sequence for the partition. */
export interface MemoryProducer {
  readonly id: number
  readonly epoch: number
  readonly sequence: number
}

interface ProducerState {
  epoch: number
  nextSequence: number
  /** The last batch, to recognise it when it comes again. */
  lastSequence: number
  lastOffset: bigint
}

// As the broker is set: one record batch, in bytes of keys and values.
const maxBatchBytes = 1024 * 1024
const recordOverheadBytes = 8

/** One partition: records at offsets that only go up, with holes where compaction was; batches whole or not at all. */
export class MemoryLog {
  readonly topic: TopicName
  readonly partition: number
  readonly #producers = new Map<number, ProducerState>()
  readonly #readers = new Set<() => void>()
  #records: LogRecord[] = []
  #start = 0n
  #end = 0n

  constructor(topic: TopicName, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  /** First offset that may be read. */
  get start(): bigint {
    return this.#start
  }

  /** Next offset to be written. */
  get end(): bigint {
    return this.#end
  }

  get records(): readonly LogRecord[] {
    return this.#records
  }

  /**
   * @param timestamp of the records that bring none, milliseconds since the Unix epoch
   * @returns the first record's offset, the old one where the batch was appended before
   * @throws Fenced, StreamError `RECORD_TOO_LARGE`
   */
  append(records: readonly KeyedValue[], timestamp: number, producer?: MemoryProducer): bigint {
    requireSize(this.topic, records)
    const appended = producer && this.#admit(producer)
    if (appended !== undefined) return appended
    const first = this.#end
    for (const { key, value, timestamp: own } of records) {
      const { topic, partition } = this
      const bytes = value === null ? null : Buffer.from(value)
      this.#records.push({
        topic,
        partition,
        offset: this.#end,
        timestamp: own ?? timestamp,
        key: Buffer.from(key),
        value: bytes,
      })
      this.#end += 1n
    }
    if (producer !== undefined) this.#note(producer, records.length, first)
    for (const wake of this.#readers) wake()
    return first
  }

  /** Records from an offset on, and the offset to go on from: behind the holes, too. */
  read(from: bigint, limit: number): { readonly records: readonly LogRecord[]; readonly next: bigint } {
    const at = this.#indexOf(from)
    const records = this.#records.slice(at, at + limit)
    const last = records.at(-1)
    const isEnd = last === undefined || last === this.#records.at(-1)
    return { records, next: isEnd ? this.#end : last.offset + 1n }
  }

  /** Keeps each key's last record, and no tombstone: holes are left where the others were. */
  compact(): void {
    const last = new Map(this.#records.map(record => [String(record.key), record]))
    this.#records = this.#records.filter(
      record => last.get(String(record.key)) === record && record.value !== null,
    )
  }

  /** Retention takes what stands before an offset. */
  truncate(start: bigint): void {
    this.#start = start
    this.#records = this.#records.filter(({ offset }) => offset >= start)
  }

  /** @returns stops it */
  onAppend(wake: () => void): () => void {
    this.#readers.add(wake)
    return () => this.#readers.delete(wake)
  }

  // Of the first record at or behind an offset; compaction leaves holes, so offsets are no indexes.
  #indexOf(from: bigint): number {
    let low = 0
    let high = this.#records.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#records[middle]!.offset < from) low = middle + 1
      else high = middle
    }
    return low
  }

  // The first batch of a newer epoch fences all older ones, as on the broker.
  #admit({ id, epoch, sequence }: MemoryProducer): bigint | undefined {
    const known = this.#producers.get(id)
    if (known === undefined || epoch > known.epoch) return undefined
    if (epoch < known.epoch) throw this.#fenced('INVALID_PRODUCER_EPOCH')
    if (sequence === known.lastSequence) return known.lastOffset
    if (sequence !== known.nextSequence) throw this.#fenced('OUT_OF_ORDER_SEQUENCE_NUMBER')
    return undefined
  }

  #note({ id, epoch, sequence }: MemoryProducer, records: number, first: bigint): void {
    this.#producers.set(id, {
      epoch,
      nextSequence: sequence + records,
      lastSequence: sequence,
      lastOffset: first,
    })
  }

  #fenced(fault: string): Fenced {
    return new Fenced(`write to ${this.topic}[${this.partition}]: expected to be its owner, got ${fault}`)
  }
}

const requireSize = (topic: TopicName, records: readonly KeyedValue[]): void => {
  let bytes = 0
  for (const { key, value } of records) bytes += recordOverheadBytes + key.length + (value?.length ?? 0)
  if (bytes <= maxBatchBytes) return
  const message = `write to ${topic}: expected a batch of at most ${maxBatchBytes} bytes, got ${bytes}`
  throw new StreamError('RECORD_TOO_LARGE', message)
}
