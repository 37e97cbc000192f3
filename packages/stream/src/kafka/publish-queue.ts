import type { TopicName } from '@cordon/schemas'

import type { KeyedValue, OutgoingRecord } from '../ports.ts'
import type { StreamError } from '../stream-error.ts'
import { nextSequence } from './producer-identity.ts'
import type { ProducerIdentity } from './producer-identity.ts'
import { batchOverheadBytes, encodeRecordBatch, recordBytes } from './record-batch-encoder.ts'

// Stand in for a record's place and time in its batch, whose size on the wire they set.
const anyIndex = 100_000
const anyDelta = 2 ** 31 - 1

/** Bytes that a record takes at most in a batch. */
export const sizeOf = (record: KeyedValue): number =>
  recordBytes(record, anyIndex, record.timestamp === undefined ? 0 : anyDelta)

/** One call of `publish`: done when each of its records is. */
export class Publication {
  readonly done: Promise<readonly bigint[]>
  readonly #offsets: bigint[]
  readonly #resolve: (offsets: readonly bigint[]) => void
  readonly #reject: (error: StreamError) => void
  #left: number

  constructor(records: number) {
    const { promise, resolve, reject } = Promise.withResolvers<readonly bigint[]>()
    this.done = promise
    this.#resolve = resolve
    this.#reject = reject
    this.#left = records
    this.#offsets = Array.from({ length: records }, () => -1n)
  }

  confirm(index: number, offset: bigint): void {
    this.#offsets[index] = offset
    this.#left -= 1
    if (this.#left === 0) this.#resolve(this.#offsets)
  }

  fail(error: StreamError): void {
    this.#reject(error)
  }
}

/** A record that waits to be sent or acknowledged. */
export interface QueuedRecord {
  readonly record: OutgoingRecord
  readonly bytes: number
  readonly publication: Publication
  /** Its place in the publication. */
  readonly index: number
  /** When it counts as lost, on the monotonic clock. */
  readonly deadline: number
}

/**
 * The records of one partition on their way out, in order. One batch of it is in flight at a time: with two, a retry of
 * the first would overtake it. Until its outcome is known, the very same batch is sent again, with the same number in the
 * same producer's sequence: the broker appends it, or recognises that it has.
 */
export class PublishQueue {
  readonly topic: TopicName
  readonly partition: number
  #queued: QueuedRecord[] = []
  /** Records of the batch whose outcome is not known. */
  #open: readonly QueuedRecord[] = []
  #batch: Buffer | undefined
  #producer: ProducerIdentity | undefined
  #sequence = 0
  #faults = 0
  #held = false
  #busy = false

  constructor(topic: TopicName, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  get faults(): number {
    return this.#faults
  }

  /** Without a producer nothing can be taken. */
  get hasProducer(): boolean {
    return this.#producer !== undefined
  }

  /** What is open is numbered anew: where the broker has appended it, it appends it again. */
  adopt(producer: ProducerIdentity): void {
    this.#producer = producer
    this.#sequence = 0
    this.#batch = undefined
  }

  add(record: QueuedRecord): void {
    this.#queued.push(record)
  }

  get isSendable(): boolean {
    return (this.#open.length > 0 || this.#queued.length > 0) && !this.#busy && !this.#held
  }

  /** Its turn to be sent will come; what is added until `take` goes along. */
  lineUp(): void {
    this.#busy = true
  }

  /** The batch whose outcome is open, else the next one of at most so many bytes, of one record at least. */
  take(maxBytes: number, now: number): Buffer {
    this.#busy = true
    if (this.#open.length === 0) this.#open = this.#queued.splice(0, this.#fitting(maxBytes))
    this.#batch ??= encodeRecordBatch(
      this.#open.map(({ record }) => record),
      { ...this.#producer!, baseSequence: this.#sequence },
      now,
    )
    return this.#batch
  }

  /** The open batch is in the log. */
  appended(): readonly QueuedRecord[] {
    this.#sequence = nextSequence(this.#sequence, this.#open.length)
    return this.#close()
  }

  /** The open batch is not in the log, and never will be. */
  refused(): readonly QueuedRecord[] {
    return this.#close()
  }

  /**
   * Whether the open batch is in the log cannot be told now; it is asked again after `resume`. Returns what has waited too
   * long by now: a batch whole, and not while one of its records may wait.
   * @param producerLost the broker knows the producer no more
   */
  putBack(now: number, producerLost = false): readonly QueuedRecord[] {
    this.#busy = false
    this.#faults += 1
    this.#held = true
    const isLate = ({ deadline }: QueuedRecord): boolean => deadline <= now
    const late = this.#queued.filter(isLate)
    this.#queued = this.#queued.filter(record => !isLate(record))
    const givenUp = this.#open.every(isLate) ? this.#open : []
    if (givenUp.length > 0) this.#open = []
    // What follows a batch whose outcome nobody knows has no number in its sequence.
    if (producerLost || givenUp.length > 0) this.#producer = undefined
    return [...givenUp, ...late]
  }

  /** Returns all that has no outcome; that of what is in flight will not be known. */
  abandon(): readonly QueuedRecord[] {
    const all = [...this.#open, ...this.#queued]
    this.#open = []
    this.#queued = []
    return all
  }

  resume(): void {
    this.#held = false
  }

  #fitting(maxBytes: number): number {
    let bytes = batchOverheadBytes
    let count = 0
    for (const queued of this.#queued) {
      bytes += queued.bytes
      if (count > 0 && bytes > maxBytes) break
      count += 1
    }
    return count
  }

  #close(): readonly QueuedRecord[] {
    const settled = this.#open
    this.#open = []
    this.#batch = undefined
    this.#faults = 0
    this.#busy = false
    return settled
  }
}
