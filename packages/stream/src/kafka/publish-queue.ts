import type { TopicName } from '@cordon/schemas'

import type { KeyedValue, OutgoingRecord } from '../ports.ts'
import type { StreamError } from '../stream-error.ts'
import { batchOverheadBytes, recordBytes } from './record-batch-encoder.ts'

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
 * the first would overtake it.
 */
export class PublishQueue {
  readonly topic: TopicName
  readonly partition: number
  #queued: QueuedRecord[] = []
  #inFlight: readonly QueuedRecord[] = []
  #faults = 0
  #held = false
  #lined = false

  constructor(topic: TopicName, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  get faults(): number {
    return this.#faults
  }

  add(record: QueuedRecord): void {
    this.#queued.push(record)
  }

  get isSendable(): boolean {
    return this.#queued.length > 0 && this.#inFlight.length === 0 && !this.#held && !this.#lined
  }

  /** Its turn to be sent will come; what is added until `take` goes along. */
  lineUp(): void {
    this.#lined = true
  }

  /** Takes the next batch of at most so many bytes, of one record at least. */
  take(maxBytes: number): readonly QueuedRecord[] {
    this.#lined = false
    let bytes = batchOverheadBytes
    let count = 0
    for (const queued of this.#queued) {
      bytes += queued.bytes
      if (count > 0 && bytes > maxBytes) break
      count += 1
    }
    this.#inFlight = this.#queued.splice(0, count)
    return this.#inFlight
  }

  /** What was in flight has its outcome. */
  settle(): readonly QueuedRecord[] {
    const settled = this.#inFlight
    this.#inFlight = []
    this.#faults = 0
    return settled
  }

  /** What was in flight goes to the front again, until `resume`; returns what has waited too long by now. */
  putBack(now: number): readonly QueuedRecord[] {
    const all = [...this.#inFlight, ...this.#queued]
    this.#inFlight = []
    this.#queued = all.filter(({ deadline }) => deadline > now)
    this.#faults += 1
    this.#held = true
    return all.filter(({ deadline }) => deadline <= now)
  }

  /** Returns all that has no outcome; that of what is in flight will not be known. */
  abandon(): readonly QueuedRecord[] {
    const all = [...this.#inFlight, ...this.#queued]
    this.#inFlight = []
    this.#queued = []
    return all
  }

  resume(): void {
    this.#held = false
  }
}
