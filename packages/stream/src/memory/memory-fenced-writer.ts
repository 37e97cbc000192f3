import type { TopicName } from '@cordon/schemas'

import { claimKey } from '../task/changelog-key.ts'
import type { AssignmentEpoch, ClaimOptions, FencedWriter, KeyedValue } from '../ports.ts'
import { Fenced } from '../stream-error.ts'
import type { MemoryCluster } from './memory-cluster.ts'
import { MemoryEpoch } from './memory-group.ts'
import type { MemoryLink } from './memory-link.ts'

interface Claimed {
  sequence: number
  tail: Promise<unknown>
}

/** Writes under a producer epoch: from its claim records on, the logs refuse every earlier owner. */
export class MemoryFencedWriter implements FencedWriter {
  readonly #cluster: MemoryCluster
  readonly #link: MemoryLink
  readonly #options: ClaimOptions
  readonly #producer: { readonly id: number; readonly epoch: number }
  readonly #claimed: ReadonlyMap<TopicName, Claimed>
  readonly #claims = new Map<TopicName, bigint>()
  #fenced: Fenced | undefined

  private constructor(
    cluster: MemoryCluster,
    link: MemoryLink,
    options: ClaimOptions,
    producer: { readonly id: number; readonly epoch: number },
  ) {
    this.#cluster = cluster
    this.#link = link
    this.#options = options
    this.#producer = producer
    this.#claimed = new Map(options.topics.map(topic => [topic, { sequence: 0, tail: Promise.resolve() }]))
  }

  /** @throws Fenced where the epoch is not current */
  static async claim(
    cluster: MemoryCluster,
    link: MemoryLink,
    options: ClaimOptions,
  ): Promise<MemoryFencedWriter> {
    const { transactionalId, epoch, partition, topics, claim } = options
    const producer = await link.persist({ operation: 'claim', partition }, () => {
      // By the group's own word: who was fenced believes in its membership until it hears otherwise.
      if (!isConfirmed(epoch)) {
        throw new Fenced(
          `claim as ${transactionalId}: expected generation ${epoch.generation} to be current, got a newer one`,
        )
      }
      return cluster.initProducer(transactionalId)
    })
    const writer = new MemoryFencedWriter(cluster, link, options, producer)
    for (const topic of topics) {
      writer.#claims.set(topic, await writer.emit(topic, [{ key: claimKey, value: claim(topic) }]))
    }
    return writer
  }

  get claims(): ReadonlyMap<TopicName, bigint> {
    return this.#claims
  }

  async commit(records: readonly KeyedValue[]): Promise<bigint> {
    return await this.emit(this.#options.topics[0], records)
  }

  async emit(topic: TopicName, records: readonly KeyedValue[]): Promise<bigint> {
    const claimed = this.#claimed.get(topic)
    if (claimed === undefined || records.length === 0) {
      const wanted = `records for one of ${this.#options.topics.join(', ')}`
      throw new RangeError(`fenced writer: expected ${wanted}, got ${records.length} for ${topic}`)
    }
    const written = claimed.tail.then(async () => await this.#write(topic, claimed, records))
    claimed.tail = written.catch(() => {})
    return await written
  }

  async close(): Promise<void> {
    await Promise.all([...this.#claimed.values()].map(async ({ tail }) => await tail))
  }

  // A batch whose outcome is unknown is sent again with the same sequence: appended then, or recognised.
  async #write(topic: TopicName, claimed: Claimed, records: readonly KeyedValue[]): Promise<bigint> {
    if (this.#fenced !== undefined) throw this.#fenced
    const { partition, topics } = this.#options
    const operation = topic === topics[0] ? 'commit' : 'emit'
    const producer = { ...this.#producer, sequence: claimed.sequence }
    try {
      const first = await this.#link.persist({ operation, topic, partition }, () =>
        this.#cluster.append(topic, partition, records, producer),
      )
      claimed.sequence += records.length
      return first
    } catch (error) {
      if (error instanceof Fenced) this.#fenced = error
      throw error
    }
  }
}

const isConfirmed = (epoch: AssignmentEpoch): boolean =>
  epoch instanceof MemoryEpoch ? epoch.isConfirmed : epoch.isCurrent()
