import type { TopicName } from '@cordon/schemas'

import { reservedKeyPrefix } from '../ports.ts'
import type { ClaimOptions, FencedWriter, KeyedValue } from '../ports.ts'
import { Fenced } from '../stream-error.ts'
import { ClaimedPartition } from './claimed-partition.ts'
import type { ClusterLink, KafkaContext } from './cluster-link.ts'
import { GroupEpoch } from './group-epoch.ts'
import type { ProduceLine } from './produce-line.ts'
import { initProducer, notCurrent } from './producer-identity.ts'

/** The key of a claim record, on every claimed topic. */
const claimKey = `${reservedKeyPrefix}claim`

/** What the writers of one client share: their batches travel together. */
export interface WriterLine {
  readonly link: ClusterLink
  readonly produce: ProduceLine
}

/**
 * Writes under a producer epoch of the cluster: from its claim record on, a partition refuses every earlier owner.
 * Only this transactional id is fenced so; that nobody else writes the topics is the ACLs' part.
 */
export class KafkaFencedWriter implements FencedWriter {
  readonly #context: KafkaContext
  readonly #options: ClaimOptions
  readonly #line: WriterLine
  readonly #closing = new AbortController()
  readonly #transactionalId: string
  readonly #partitions = new Map<TopicName, ClaimedPartition>()
  readonly #claims = new Map<TopicName, bigint>()
  #claimedAt = Number.NEGATIVE_INFINITY
  #claiming: Promise<void> | undefined
  #fenced: Fenced | undefined

  private constructor(context: KafkaContext, options: ClaimOptions, line: WriterLine) {
    this.#context = context
    this.#options = options
    this.#line = line
    this.#transactionalId = context.settings.topicPrefix + options.transactionalId
  }

  /** @throws Fenced where the epoch is not current */
  static async claim(
    context: KafkaContext,
    options: ClaimOptions,
    line: WriterLine,
  ): Promise<KafkaFencedWriter> {
    await line.link.addTopics(options.topics)
    const writer = new KafkaFencedWriter(context, options, line)
    await writer.#claim()
    return writer
  }

  get claims(): ReadonlyMap<TopicName, bigint> {
    return this.#claims
  }

  async commit(records: readonly KeyedValue[]): Promise<bigint> {
    return await this.emit(this.#options.topics[0], records)
  }

  async emit(topic: TopicName, records: readonly KeyedValue[]): Promise<bigint> {
    const partition = this.#partitions.get(topic)
    if (partition === undefined || records.length === 0) {
      const wanted = `records for one of ${this.#options.topics.join(', ')}`
      throw new RangeError(`fenced writer: expected ${wanted}, got ${records.length} for ${topic}`)
    }
    return await this.#unlessFenced(async () => {
      await this.#renew()
      return await partition.append(records)
    })
  }

  /** At once: what still waits for a response fails. */
  close(): Promise<void> {
    this.#closing.abort()
    this.#context.onClosed?.()
    return Promise.resolve()
  }

  // The broker forgets a producer that it has not heard of for a day, and its epoch with it.
  async #renew(): Promise<void> {
    if (performance.now() - this.#claimedAt < this.#context.tuning.claimMaxAgeMs) return
    this.#claiming ??= this.#claim().finally(() => (this.#claiming = undefined))
    await this.#claiming
  }

  async #claim(): Promise<void> {
    const { epoch, topics, partition, claim } = this.#options
    // Whoever was fenced believes in its membership until the next heartbeat says otherwise. Asking first is what keeps
    // two owners from fencing each other in turn.
    const current = epoch instanceof GroupEpoch ? await this.#confirmed(epoch) : epoch.isCurrent()
    if (!current) throw notCurrent(this.#transactionalId, epoch)
    await Promise.all([...this.#partitions.values()].map(async claimed => await claimed.idle()))

    const owner = { link: this.#line.link, closing: this.#closing.signal }
    const identity = await initProducer(owner, this.#transactionalId, epoch)
    const claimedAt = performance.now()
    for (const topic of topics) {
      const known = this.#partitions.get(topic)
      known?.adopt(identity)
      if (known !== undefined) continue
      const { log } = this.#context
      this.#partitions.set(
        topic,
        new ClaimedPartition({ ...this.#line, closing: owner.closing, log, topic, partition }, identity),
      )
    }
    await Promise.all(
      [...this.#partitions].map(async ([topic, claimed]) => {
        this.#claims.set(topic, await claimed.append([{ key: claimKey, value: claim(topic) }]))
      }),
    )
    this.#claimedAt = claimedAt
  }

  async #confirmed(epoch: GroupEpoch): Promise<boolean> {
    return await this.#line.link.retrying(
      `claim as ${this.#transactionalId}`,
      async () => await epoch.confirm(),
    )
  }

  async #unlessFenced<Result>(operation: () => Promise<Result>): Promise<Result> {
    if (this.#fenced !== undefined) throw this.#fenced
    try {
      return await operation()
    } catch (error) {
      if (error instanceof Fenced) this.#fenced = error
      throw error
    }
  }
}
