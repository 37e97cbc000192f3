import type { Clock } from '@cordon/foundation'
import type { TopicName, TopicSpec } from '@cordon/schemas'

import type {
  ClaimOptions,
  FencedWriter,
  Follower,
  FollowerOptions,
  Membership,
  MembershipOptions,
  Publisher,
  StreamClient,
  TableOptions,
  TableReader,
  TopicAdmin,
  TopicOptions,
} from '../ports.ts'
import { StreamError } from '../stream-error.ts'
import { MemoryCluster } from './memory-cluster.ts'
import { MemoryFencedWriter } from './memory-fenced-writer.ts'
import { MemoryFollower } from './memory-follower.ts'
import { closedError, MemoryLink } from './memory-link.ts'
import { MemoryMembership } from './memory-membership.ts'
import { MemoryPublisher } from './memory-publisher.ts'
import { openMemoryTable } from './memory-table.ts'

export interface MemoryClientOptions {
  /** What several clients share. Default: a cluster of its own. */
  readonly cluster?: MemoryCluster
  /** Of a cluster of its own. */
  readonly clock?: Clock
}

/** A client of a cluster in memory. */
export class MemoryClient implements StreamClient, TopicAdmin {
  readonly name: string
  readonly #cluster: MemoryCluster
  readonly #link: MemoryLink
  readonly #opened = new Set<{ close(): Promise<void> }>()

  constructor(cluster: MemoryCluster) {
    this.#cluster = cluster
    this.name = cluster.nextClientName()
    const { transport, faults } = cluster
    this.#link = new MemoryLink({ client: this.name, transport, faults })
  }

  get admin(): TopicAdmin {
    return this
  }

  async ensureTopics(catalogue: readonly TopicSpec[], { partitions }: TopicOptions): Promise<void> {
    await this.#link.persist({ operation: 'look up' }, () => {
      for (const spec of catalogue) this.#cluster.ensureTopic(spec, partitions)
    })
  }

  // A topic in memory has no policy that could be another one.
  async requireTopics(topics: readonly TopicSpec[]): Promise<void> {
    const [first, ...others] = await Promise.all(
      topics.map(async ({ name }) => ({ name, partitions: await this.partitionCount(name) })),
    )
    for (const { name, partitions } of others) {
      if (first === undefined || partitions === first.partitions) continue
      const message = `topics: ${name}: expected partitions ${first.partitions}, got ${partitions}`
      throw new StreamError('TOPIC_MISMATCH', message)
    }
  }

  async partitionCount(topic: TopicName): Promise<number> {
    return await this.#link.persist({ operation: 'look up', topic }, () => this.#cluster.logs(topic).length)
  }

  async endOffsets(topic: TopicName): Promise<ReadonlyMap<number, bigint>> {
    return await this.#link.persist(
      { operation: 'look up', topic },
      () => new Map(this.#cluster.logs(topic).map(({ partition, end }) => [partition, end])),
    )
  }

  async openPublisher(): Promise<Publisher> {
    return await this.#keep(() => new MemoryPublisher(this.#cluster, this.#link))
  }

  async openFollower(options: FollowerOptions): Promise<Follower> {
    this.#cluster.logs(options.topic)
    return await this.#keep(() => new MemoryFollower(this.#cluster, this.#link, options))
  }

  async openTable(options: TableOptions): Promise<TableReader> {
    return await this.#keep(async () => await openMemoryTable(this.#cluster, this.#link, options))
  }

  async joinMembership(options: MembershipOptions): Promise<Membership> {
    return await this.#keep(async () => await MemoryMembership.join(this.#cluster, this.#link, options))
  }

  async claimPartition(options: ClaimOptions): Promise<FencedWriter> {
    return await this.#keep(async () => await MemoryFencedWriter.claim(this.#cluster, this.#link, options))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#opened].map(async thing => await thing.close()))
    this.#link.close()
  }

  /** Nothing of this client takes effect or is heard any more; its partitions go to others. */
  crash(): void {
    this.#link.crash()
    this.#cluster.expel(this.name)
  }

  /** This client stands still and does not know; its partitions go to others. */
  isolate(): void {
    this.#link.isolate()
    this.#cluster.expel(this.name)
  }

  /** It goes on where it stood still. */
  reconnect(): void {
    this.#link.reconnect()
  }

  async #keep<Thing extends { close(): Promise<void> }>(open: () => Thing | Promise<Thing>): Promise<Thing> {
    if (!this.#link.isOpen) throw closedError('memory client')
    const thing = await open()
    this.#opened.add(thing)
    return thing
  }
}

/** The stream in memory. */
export const createMemoryClient = ({ cluster, clock }: MemoryClientOptions = {}): MemoryClient =>
  new MemoryClient(cluster ?? new MemoryCluster(clock === undefined ? {} : { clock }))
