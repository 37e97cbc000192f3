import type { LogRecord } from '../ports.ts'
import type { FetchedRecords } from './record-batch-decoder.ts'

export interface FollowedPartitionOptions {
  readonly partition: number
  readonly from: bigint
  readonly onRecords: (partition: number, records: readonly LogRecord[]) => Promise<void> | void
  /** After the position moved, or room for a further fetch appeared. */
  readonly onProgress: () => void
  readonly onFailure: (error: unknown) => void
}

/**
 * One partition on its way from the fetches to the handler. At most one fetch is being handled and one waits, so that a
 * handler finds its next records at hand, a slow one holds only its own partition, and memory stays bounded.
 */
export class FollowedPartition {
  readonly partition: number
  readonly #options: FollowedPartitionOptions
  #position: bigint
  #fetchOffset: bigint
  #end = 0n
  #waiting: FetchedRecords | undefined
  #handling = false
  #retired = false
  #freshAt = performance.now()
  #stalledSince: number | undefined
  #faults = 0
  #held = false

  constructor(options: FollowedPartitionOptions) {
    this.partition = options.partition
    this.#options = options
    this.#position = options.from
    this.#fetchOffset = options.from
  }

  /** Next offset for the handler: everything before it was handled. */
  get position(): bigint {
    return this.#position
  }

  get fetchOffset(): bigint {
    return this.#fetchOffset
  }

  /** Milliseconds since the leader last answered a fetch. */
  get staleness(): number {
    return performance.now() - this.#freshAt
  }

  /** Consecutive faults of this partition alone. */
  get faults(): number {
    return this.#faults
  }

  /** Not while it is held back, nor while a fetch already waits for the handler. */
  get isFetchable(): boolean {
    return this.#waiting === undefined && !this.#held
  }

  /** Nothing is left of what existed at the last fetch. */
  get isAtEnd(): boolean {
    return this.#fetchOffset >= this.#end
  }

  /** Whether records that exist were fetched for this long without getting any further. */
  isStalled(limitMs: number): boolean {
    if (this.isAtEnd) this.#stalledSince = undefined
    else this.#stalledSince ??= performance.now()
    return this.#stalledSince !== undefined && performance.now() - this.#stalledSince > limitMs
  }

  /** @param end next offset that readers may see */
  accept(fetched: FetchedRecords, end: bigint): void {
    if (this.#retired) return
    this.#end = end
    this.#freshAt = performance.now()
    this.#faults = 0
    if (fetched.nextOffset === this.#fetchOffset) return
    this.#stalledSince = undefined
    this.#fetchOffset = fetched.nextOffset
    if (this.#handling) this.#waiting = fetched
    else void this.#handle(fetched)
  }

  /** Not to be fetched until so much later. */
  hold(milliseconds: number): void {
    this.#faults += 1
    this.#held = true
    setTimeout(() => {
      this.#held = false
      if (!this.#retired) this.#options.onProgress()
    }, milliseconds)
  }

  /** Goes to the first offset that is still there. */
  moveTo(offset: bigint): void {
    if (this.#retired) return
    this.#position = offset
    this.#fetchOffset = offset
    this.#options.onProgress()
  }

  /** Nothing reaches the handler any more. */
  retire(): void {
    this.#retired = true
    this.#waiting = undefined
  }

  async #handle(first: FetchedRecords): Promise<void> {
    this.#handling = true
    try {
      for (let next: FetchedRecords | undefined = first; next !== undefined; next = this.#take()) {
        if (next.records.length > 0) {
          const handled = this.#options.onRecords(this.partition, next.records)
          // A handler that needs no waiting costs none: tables apply thousands of records in one go.
          if (handled !== undefined) await handled
        }
        if (this.#retired) return
        this.#position = next.nextOffset
        this.#options.onProgress()
      }
    } catch (error) {
      if (!this.#retired) this.#options.onFailure(error)
    } finally {
      this.#handling = false
    }
  }

  #take(): FetchedRecords | undefined {
    const waiting = this.#waiting
    this.#waiting = undefined
    return waiting
  }
}
