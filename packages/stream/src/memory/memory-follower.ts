import type { Follower, FollowerOptions, LogRecord } from '../ports.ts'
import { StreamError } from '../stream-error.ts'
import type { MemoryCluster } from './memory-cluster.ts'
import type { MemoryLink } from './memory-link.ts'
import type { MemoryLog } from './memory-log.ts'

export interface MemoryFollowerOptions extends Omit<FollowerOptions, 'maxWaitMs'> {
  /** After the position of a partition moved, past holes too. */
  readonly onPosition?: (partition: number, position: bigint) => void
}

interface Followed {
  readonly log: MemoryLog
  readonly stop: () => void
  position: bigint
  isBusy: boolean
}

/** Hands on what stands in logs, one handful at a time per partition. */
export class MemoryFollower implements Follower {
  readonly failed: Promise<never>
  readonly #cluster: MemoryCluster
  readonly #link: MemoryLink
  readonly #options: MemoryFollowerOptions
  readonly #followed = new Map<number, Followed>()
  readonly #fail: (error: unknown) => void

  constructor(cluster: MemoryCluster, link: MemoryLink, options: MemoryFollowerOptions) {
    this.#cluster = cluster
    this.#link = link
    this.#options = options
    const { promise, reject } = Promise.withResolvers<never>()
    this.failed = promise
    // Who does not ask for the failure must not be ended by it.
    promise.catch(() => {})
    this.#fail = error => {
      reject(error)
      void this.close()
    }
    for (const [partition, from] of options.from) this.follow(partition, from)
  }

  position(partition: number): bigint {
    return this.#known(partition).position
  }

  staleness(partition: number): number {
    this.#known(partition)
    return this.#link.isOpen ? 0 : Number.POSITIVE_INFINITY
  }

  follow(partition: number, from: bigint): void {
    const log = this.#cluster.log(this.#options.topic, partition)
    this.unfollow(partition)
    const stop = log.onAppend(() => this.#fetch(partition, followed))
    // Offset 0 says "from the start", wherever retention has moved it by now.
    const position = from === 0n ? log.start : from
    const followed: Followed = { log, stop, position, isBusy: false }
    this.#followed.set(partition, followed)
    if (position < log.start || position > log.end) {
      const message = `follower of ${log.topic}[${partition}]: expected an offset of the log, got ${position}`
      this.#failOne(partition, new StreamError('OFFSET_OUT_OF_RANGE', message))
    } else {
      this.#fetch(partition, followed)
    }
  }

  unfollow(partition: number): void {
    this.#followed.get(partition)?.stop()
    this.#followed.delete(partition)
  }

  close(): Promise<void> {
    for (const partition of this.#followed.keys()) this.unfollow(partition)
    return Promise.resolve()
  }

  #failOne(partition: number, error: unknown): void {
    const { onPartitionFailed } = this.#options
    if (onPartitionFailed === undefined) return this.#fail(error)
    this.unfollow(partition)
    onPartitionFailed(partition, error)
  }

  #known(partition: number): Followed {
    const followed = this.#followed.get(partition)
    if (followed !== undefined) return followed
    throw new RangeError(
      `follower of ${this.#options.topic}: expected a followed partition, got ${partition}`,
    )
  }

  #fetch(partition: number, followed: Followed): void {
    if (followed.isBusy || followed.position >= followed.log.end) return
    followed.isBusy = true
    this.#link.tell({ operation: 'fetch', topic: this.#options.topic, partition }, () => {
      if (this.#followed.get(partition) === followed) void this.#handle(partition, followed)
    })
  }

  async #handle(partition: number, followed: Followed): Promise<void> {
    const { records, next } = followed.log.read(followed.position, this.#cluster.recordsPerFetch())
    try {
      const handled = this.#hand(partition, records)
      if (handled !== undefined) await handled
    } catch (error) {
      if (this.#followed.get(partition) === followed) this.#failOne(partition, error)
      return
    }
    if (this.#followed.get(partition) !== followed) return
    followed.position = next
    followed.isBusy = false
    this.#options.onPosition?.(partition, next)
    this.#fetch(partition, followed)
  }

  #hand(partition: number, records: readonly LogRecord[]): Promise<void> | void {
    if (records.length > 0) return this.#options.onRecords(partition, records)
  }
}
