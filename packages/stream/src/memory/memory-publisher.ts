import type { OutgoingRecord, Publisher } from '../ports.ts'
import type { MemoryCluster } from './memory-cluster.ts'
import { closedError } from './memory-link.ts'
import type { MemoryLink } from './memory-link.ts'

// Records that are accepted and not acknowledged, before `publish` waits.
const queueRecords = 10_000

/** Publications in the order of their calls, one request at a time. What may have been lost is sent again. */
export class MemoryPublisher implements Publisher {
  readonly #cluster: MemoryCluster
  readonly #link: MemoryLink
  #tail: Promise<unknown> = Promise.resolve()
  #pending = 0
  #isOpen = true
  #room = Promise.withResolvers<void>()

  constructor(cluster: MemoryCluster, link: MemoryLink) {
    this.#cluster = cluster
    this.#link = link
  }

  get pending(): number {
    return this.#pending
  }

  async publish(records: readonly OutgoingRecord[]): Promise<readonly bigint[]> {
    this.#requireOpen()
    for (const { topic, partition } of records) this.#cluster.log(topic, partition)
    while (this.#pending > 0 && this.#pending + records.length > queueRecords) {
      await this.#room.promise
      this.#requireOpen()
    }
    this.#pending += records.length
    const published = this.#tail.then(async () => await this.#publish(records))
    this.#tail = published.catch(() => {})
    try {
      return await published
    } finally {
      this.#pending -= records.length
      this.#room.resolve()
      this.#room = Promise.withResolvers()
    }
  }

  async close(): Promise<void> {
    this.#isOpen = false
    await this.#tail
  }

  // Without a sequence: what took effect before the connection broke takes effect twice.
  async #publish(records: readonly OutgoingRecord[]): Promise<readonly bigint[]> {
    const offsets = records.map(() => 0n)
    const byPartition = Map.groupBy(records.keys(), index => {
      const { topic, partition } = records[index]!
      return `${topic}/${partition}`
    })
    for (const indexes of byPartition.values()) {
      const batch = indexes.map(index => records[index]!)
      const { topic, partition } = batch[0]!
      const first = await this.#link.persist({ operation: 'publish', topic, partition }, () =>
        this.#cluster.append(topic, partition, batch),
      )
      for (const [at, index] of indexes.entries()) offsets[index] = first + BigInt(at)
    }
    return offsets
  }

  #requireOpen(): void {
    if (!this.#isOpen || !this.#link.isOpen) throw closedError('publisher')
  }
}
