import type { TopicName } from '@cordon/schemas'
import { topicCatalogue } from '@cordon/schemas'

import { createMemoryClient } from '../memory/memory-client.ts'
import { MemoryCluster } from '../memory/memory-cluster.ts'
import type { MemoryFaults } from '../memory/memory-faults.ts'
import type { LogRecord, RecordCodec } from '../ports.ts'
import { reservedKeyPrefix } from '../ports.ts'
import type { StatefulProcessor } from '../stateful-processor.ts'
import type { TaskLimits } from '../task/task-limits.ts'
import { checkedProcessor } from './checked-processor.ts'
import type { ContractBroken } from './checked-processor.ts'
import { DriverOwner } from './driver-owner.ts'
import { ManualTimeline } from './manual-timeline.ts'
import type { PendingStep } from './manual-timeline.ts'

export interface StreamDriverOptions<State> {
  readonly processor: StatefulProcessor<State>
  readonly codec: RecordCodec
  /** Default 1. */
  readonly partitions?: number
  /** Event time at the start, milliseconds since the Unix epoch. */
  readonly startAt?: number
  /** 0: no ticks. Default 1 s of event time. */
  readonly tickIntervalMs?: number
  /** Where the input is cut at the latest: records of one fetch. */
  readonly recordsPerFetch?: () => number
  readonly limits?: Partial<TaskLimits>
  /**
   * Whether the processor is held to its contract, which costs several encodings of its state for each record. Default true; a
   * program that drives one whose tests do so takes it on trust, as a running task does.
   */
  readonly isChecked?: boolean
}

const firstOfJanuary2026 = 1_767_225_600_000
const closingSeconds = 60

/**
 * Drives a processor without a broker: the real task on a cluster in memory, with time and order of everything by hand.
 *
 * `settle` lets everything happen that can happen now, `advance` lets time pass, `step` lets one thing happen. Between
 * any two steps the owner may `crash`, or `isolate`d stand still while another takes over, and `wake` as a zombie. What
 * can happen, in the order of one micro-batch: the input's records arrive and are computed (`fetch`), the commit takes
 * effect (`commit`, `request`), the owner hears of it (`commit`, `answer`), and for each topic of outputs the same of
 * `emit` and `publish`; `claim`, `look up`, `assign`, `revoke` belong to taking over, `go on` to nothing but itself.
 *
 * Unless told otherwise, it holds the processor to its contract: a state that was changed and not returned, or that does not survive being
 * encoded, fails the step.
 */
export class StreamDriver<State> {
  readonly #options: StreamDriverOptions<State>
  readonly #timeline: ManualTimeline
  readonly #cluster: MemoryCluster
  readonly #owners: DriverOwner<State>[] = []
  #broken: ContractBroken | undefined

  private constructor(options: StreamDriverOptions<State>) {
    this.#options = options
    const timeline = new ManualTimeline(options.startAt ?? firstOfJanuary2026)
    this.#timeline = timeline
    this.#cluster = new MemoryCluster({
      clock: timeline,
      transport: step => timeline.add(step),
      ...(options.recordsPerFetch && { recordsPerFetch: options.recordsPerFetch }),
    })
    for (const spec of Object.values(topicCatalogue)) {
      this.#cluster.ensureTopic(spec, options.partitions ?? 1)
    }
  }

  /** A driver with one owner of all partitions, which is running. */
  static async open<State>(options: StreamDriverOptions<State>): Promise<StreamDriver<State>> {
    const driver = new StreamDriver(options)
    const owner = driver.start()
    await driver.settle()
    await owner.started
    return driver
  }

  /** Event time, milliseconds since the Unix epoch. */
  get now(): number {
    return this.#timeline.now()
  }

  /** What could happen next, in the order in which `step` lets it. */
  get pending(): readonly PendingStep[] {
    return this.#timeline.pending
  }

  /** The owners that were started, in that order, and what each said of itself. */
  get owners(): readonly DriverOwner<State>[] {
    return this.#owners
  }

  /** Faults of the cluster that are to come. */
  get faults(): MemoryFaults {
    return this.#cluster.faults
  }

  /** An upstream writes to the input, at the present event time. @returns the offset */
  pipe(record: { readonly key: string; readonly value: Buffer; readonly partition?: number }): bigint {
    return this.pipeAt(this.now, record)
  }

  /** The same at another time, as records stand there when an owner comes to them late. @param at milliseconds since the Unix epoch */
  pipeAt(
    at: number,
    {
      key,
      value,
      partition = 0,
    }: { readonly key: string; readonly value: Buffer; readonly partition?: number },
  ): bigint {
    return this.#cluster.log(this.#options.processor.input, partition).append([{ key, value }], at)
  }

  /** One thing happens. @returns `undefined` where nothing can happen without time passing */
  async step(): Promise<PendingStep | undefined> {
    const step = await this.#timeline.step()
    if (this.#broken !== undefined) throw this.#broken
    return step
  }

  /** Everything happens that can happen without time passing. */
  async settle(): Promise<void> {
    while ((await this.step()) !== undefined);
  }

  /** Time passes, with everything that happens in it. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.now + milliseconds
    await this.settle()
    while (await this.#timeline.passTo(until)) await this.settle()
  }

  /** Records of a topic, without the stream's own. */
  outputs(topic: TopicName, partition = 0): readonly LogRecord[] {
    return this.log(topic, partition).filter(({ key }) => !String(key).startsWith(reservedKeyPrefix))
  }

  /** Everything that stands in a partition: claims, beats, positions and outbox entries, too. */
  log(topic: TopicName, partition = 0): readonly LogRecord[] {
    return this.#cluster.records(topic, partition)
  }

  /** The cleaner runs over a partition. */
  compact(topic: TopicName, partition = 0): void {
    this.#cluster.log(topic, partition).compact()
  }

  /**
   * Retention takes everything that was written so far, also what nobody has read: a long run needs no more room than a
   * short one. No owner may crash after it.
   */
  forget(): void {
    this.#cluster.forget()
  }

  /** The committed state of a key, as the partition's owner holds it; a copy. */
  state(key: string, partition = 0): State | undefined {
    return this.#awake.find(({ owned }) => owned.has(partition))?.state(partition, key)
  }

  /** A further owner joins; `settle` lets it take over. */
  start(): DriverOwner<State> {
    const { processor, codec, limits, tickIntervalMs, isChecked = true } = this.#options
    const owner = new DriverOwner({
      client: createMemoryClient({ cluster: this.#cluster }),
      timeline: this.#timeline,
      service: {
        processor: isChecked ? checkedProcessor(processor, broken => (this.#broken ??= broken)) : processor,
        codec,
        group: 'driven',
        ...(tickIntervalMs !== undefined && { tickIntervalMs }),
        ...(limits && { limits }),
      },
    })
    this.#owners.push(owner)
    return owner
  }

  /** The owner, or who will be, is gone in this moment, with everything that it has under way. */
  crash(): void {
    this.#owner.crash()
  }

  /** The owner stands still in this moment, and its partitions go to others; `wake` it, and it is a zombie. */
  isolate(): DriverOwner<State> {
    const owner = this.#owner
    owner.isolate()
    return owner
  }

  /** The owner finishes what it began and leaves. */
  async close(): Promise<void> {
    const closed = Promise.all(this.#owners.map(async owner => await owner.close())).then(() => true)
    for (let seconds = 0; seconds < closingSeconds; seconds += 1) {
      if (await Promise.race([closed, this.advance(1000).then(() => false)])) return
    }
    throw new RangeError(
      `driver: expected its owners to close, got none after ${closingSeconds} s of event time`,
    )
  }

  get #awake(): readonly DriverOwner<State>[] {
    return this.#owners.filter(({ isAwake }) => isAwake)
  }

  get #owner(): DriverOwner<State> {
    const owner = this.#awake.find(({ owned }) => owned.size > 0) ?? this.#awake.at(-1)
    if (owner === undefined) throw new RangeError('driver: expected an owner that lives, got none')
    return owner
  }
}
