import { setTimeout as sleep } from 'node:timers/promises'

import type { TopicName } from '@cordon/schemas'

import type { Follower, FollowerOptions } from '../ports.ts'
import { StreamError, TransientFault } from '../stream-error.ts'
import { backOffMs } from './back-off.ts'
import { ClusterLink } from './cluster-link.ts'
import type { KafkaContext } from './cluster-link.ts'
import { runFetchLoop } from './fetch-loop.ts'
import type { FetchedPartition } from './fetch-request.ts'
import { FollowedPartition } from './followed-partition.ts'
import { brokerFault, isRefusal, streamErrorOf } from './kafka-fault.ts'
import { Outage } from './outage.ts'
import { decodeRecordBatches } from './record-batch-decoder.ts'
import type { FetchedRecords } from './record-batch-decoder.ts'

export interface KafkaFollowerOptions extends FollowerOptions {
  /** After the position of a partition moved, past holes too. */
  readonly onPosition?: (partition: number, position: bigint) => void
}

const watchdogMs = 1000

/**
 * Reads partitions by fetches of its own: one request at a time per broker for all its partitions together, and at most
 * one beside it for partitions that came while the broker holds that one.
 */
export class KafkaFollower implements Follower {
  readonly failed: Promise<never>
  readonly #context: KafkaContext
  readonly #options: KafkaFollowerOptions
  readonly #link: ClusterLink
  readonly #outage: Outage
  readonly #partitions = new Map<number, FollowedPartition>()
  readonly #loops = new Map<number, Promise<void>>()
  readonly #watchdog: NodeJS.Timeout
  readonly #fail: (error: unknown) => void
  #turn = 0
  #wakening = Promise.withResolvers<void>()

  private constructor(context: KafkaContext, options: KafkaFollowerOptions, link: ClusterLink) {
    this.#context = context
    this.#options = options
    this.#link = link
    this.#outage = new Outage({
      log: context.log,
      data: { topic: options.topic },
      began: 'fetch interrupted',
      ended: 'fetch resumed',
    })
    const failure = Promise.withResolvers<never>()
    this.failed = failure.promise
    // Who does not ask for the failure must not be ended by it.
    this.failed.catch(() => {})
    this.#fail = error => {
      failure.reject(error)
      void this.close()
    }
    this.#watchdog = setInterval(() => this.#watch(), watchdogMs)
  }

  /** @throws StreamError `TOPIC_UNKNOWN`, `TRANSIENT_FAULT`, `REFUSED` */
  static async open(context: KafkaContext, options: KafkaFollowerOptions): Promise<KafkaFollower> {
    const link = await ClusterLink.open(context, [options.topic])
    const follower = new KafkaFollower(context, options, link)
    try {
      for (const [partition, from] of options.from) follower.#add(partition, from)
      // Not one by one: the first fetch would go without those that come after.
      follower.#runLoops()
    } catch (error) {
      await follower.close()
      throw error
    }
    return follower
  }

  position(partition: number): bigint {
    return this.#known(partition).position
  }

  staleness(partition: number): number {
    return this.#known(partition).staleness
  }

  follow(partition: number, from: bigint): void {
    this.#add(partition, from)
    this.#runLoops()
    this.#wake()
  }

  unfollow(partition: number): void {
    this.#partitions.get(partition)?.retire()
    this.#partitions.delete(partition)
  }

  async close(): Promise<void> {
    clearInterval(this.#watchdog)
    for (const followed of this.#partitions.values()) followed.retire()
    this.#wake()
    await this.#link.close()
    await Promise.all(this.#loops.values())
  }

  #add(partition: number, from: bigint): void {
    const known = this.#link.partitions(this.#topic)
    if (!known.includes(partition)) {
      const message = `follower of ${this.#topic}: expected one of ${known.length} partitions, got ${partition}`
      throw new StreamError('TOPIC_UNKNOWN', message)
    }
    this.#partitions.get(partition)?.retire()
    const followed = new FollowedPartition({
      partition,
      from,
      onRecords: this.#options.onRecords,
      onProgress: () => {
        this.#options.onPosition?.(partition, followed.position)
        this.#wake()
      },
      onFailure: error => this.#failOne(followed, error),
    })
    this.#partitions.set(partition, followed)
  }

  #known(partition: number): FollowedPartition {
    const followed = this.#partitions.get(partition)
    if (followed !== undefined) return followed
    throw new RangeError(`follower of ${this.#topic}: expected a followed partition, got ${partition}`)
  }

  get #topic(): TopicName {
    return this.#options.topic
  }

  // A loop per node that leads something; a loop whose node leads nothing any more ends by itself.
  #runLoops(): void {
    if (this.#link.closing.aborted) return
    for (const partition of this.#partitions.keys()) {
      const node = this.#link.leader(this.#topic, partition)
      if (node === undefined || this.#loops.has(node)) continue
      this.#loops.set(node, this.#loop(node))
    }
  }

  async #loop(node: number): Promise<void> {
    try {
      await runFetchLoop({
        link: this.#link,
        tuning: this.#context.tuning,
        outage: this.#outage,
        topic: this.#topic,
        node,
        maxWaitMs: this.#options.maxWaitMs,
        rest: this.#rest(),
        led: () => this.#ledBy(node),
        woken: async () => await this.#wakening.promise,
        wake: () => this.#wake(),
        onFetched: (followed, fetched) => this.#onFetched(followed, fetched),
        onUnreachable: async attempt => await this.#recover(attempt),
      })
    } finally {
      this.#loops.delete(node)
    }
    // For what came in the moment the loop ended.
    this.#runLoops()
  }

  #rest(): (() => Promise<void>) | undefined {
    const { restMs } = this.#options
    return restMs === undefined
      ? undefined
      : async () => await sleep(restMs, undefined, { signal: this.#link.closing })
  }

  #onFetched(followed: FollowedPartition, fetched: FetchedPartition): string | undefined {
    // Unfollowed or moved to another offset while the fetch was under way.
    if (this.#partitions.get(followed.partition) !== followed) return undefined
    if (fetched.errorCode === 0) {
      this.#take(followed, fetched)
      return undefined
    }
    const fault = brokerFault(fetched.errorCode)
    this.#handleFault(followed, fault)
    return fault
  }

  #take(followed: FollowedPartition, { batches, highWatermark }: FetchedPartition): void {
    try {
      followed.accept(this.#decode(followed, batches), highWatermark)
    } catch (error) {
      this.#failOne(followed, error)
      return
    }
    if (!followed.isStalled(this.#context.tuning.stallMs)) return
    const { partition, fetchOffset } = followed
    this.#failOne(
      followed,
      new TransientFault(
        `follower of ${this.#topic}[${partition}]: expected to reach ${highWatermark}, got no further than ${fetchOffset}`,
      ),
    )
  }

  #decode({ partition, fetchOffset }: FollowedPartition, batches: Buffer): FetchedRecords {
    const fetched = decodeRecordBatches(batches, { topic: this.#topic, partition, from: fetchOffset })
    if (this.#context.repairs.passEmptiedBatches) return fetched
    const last = fetched.records.at(-1)
    return { records: fetched.records, nextOffset: last === undefined ? fetchOffset : last.offset + 1n }
  }

  #handleFault(followed: FollowedPartition, fault: string): void {
    const at = `${this.#topic}[${followed.partition}]`
    if (fault === 'OFFSET_OUT_OF_RANGE') {
      if (followed.fetchOffset === 0n) void this.#moveToStart(followed)
      else {
        const message = `follower of ${at}: expected an offset of the log, got ${followed.fetchOffset}`
        this.#failOne(followed, new StreamError('OFFSET_OUT_OF_RANGE', message))
      }
    } else if (isRefusal(fault)) {
      this.#failOne(followed, streamErrorOf(`follower of ${at}`, fault))
    } else {
      // Elections and moves of leaders pass; the neighbours on the same broker go on meanwhile.
      followed.hold(backOffMs(followed.faults))
      void this.#refresh()
    }
  }

  #failOne(followed: FollowedPartition, error: unknown): void {
    const { partition } = followed
    const { onPartitionFailed } = this.#options
    if (onPartitionFailed === undefined) this.#fail(error)
    else if (this.#partitions.get(partition) === followed) {
      this.unfollow(partition)
      onPartitionFailed(partition, error)
    }
  }

  // Offset 0 says "from the start", wherever retention has moved it by now.
  async #moveToStart(followed: FollowedPartition): Promise<void> {
    followed.hold(backOffMs(followed.faults))
    const { partition } = followed
    try {
      const starts = await this.#link.offsets(this.#topic, [partition], 'earliest')
      followed.moveTo(starts.get(partition) ?? 0n)
    } catch (error) {
      if (!this.#link.closing.aborted) this.#failOne(followed, error)
    }
  }

  // Partitions take turns in front: where a response is full, the later ones go away empty-handed.
  #ledBy(node: number): FollowedPartition[] {
    const led = [...this.#partitions.values()].filter(
      p => this.#link.leader(this.#topic, p.partition) === node,
    )
    const first = led.length === 0 ? 0 : this.#turn++ % led.length
    return [...led.slice(first), ...led.slice(0, first)]
  }

  async #recover(attempt: number): Promise<void> {
    try {
      await this.#link.pause(attempt)
    } catch {
      return // closed while it waited
    }
    await this.#refresh()
  }

  async #refresh(): Promise<void> {
    try {
      await this.#link.refresh()
    } catch {
      // Said already, by the fetch that failed; the old leaders are tried again meanwhile.
    }
    this.#runLoops()
    this.#wake()
  }

  #wake(): void {
    const { resolve } = this.#wakening
    this.#wakening = Promise.withResolvers()
    resolve()
  }

  // A last resort: nothing came back for far longer than any request may take.
  #watch(): void {
    const { maxWaitMs, restMs = 0 } = this.#options
    const limitMs = maxWaitMs + restMs + 2 * this.#context.tuning.requestTimeoutMs
    if (!this.#context.repairs.cutSilentConnections) return
    const silent = [...this.#partitions.values()].some(p => p.isFetchable && p.staleness > limitMs)
    if (!silent) return
    this.#link.dropConnections('silent')
    void this.#refresh()
  }
}
