import type { Clock } from '@cordon/foundation'
import { systemClock } from '@cordon/foundation'
import type { TopicName, TopicSpec } from '@cordon/schemas'

import type { KeyedValue, LogRecord } from '../ports.ts'
import { StreamError } from '../stream-error.ts'
import { MemoryFaults } from './memory-faults.ts'
import { MemoryGroup } from './memory-group.ts'
import { MemoryLog } from './memory-log.ts'
import type { MemoryProducer } from './memory-log.ts'
import { immediateTransport } from './memory-step.ts'
import type { MemoryTransport } from './memory-step.ts'

export interface MemoryClusterOptions {
  readonly clock?: Clock
  readonly transport?: MemoryTransport
  /** Records of one fetch at most: where tests cut the input. Default 500. */
  readonly recordsPerFetch?: () => number
}

interface MemoryTopic {
  readonly spec: TopicSpec
  readonly logs: readonly MemoryLog[]
}

/** A cluster in memory, for any number of clients: logs, producer epochs, groups, and faults to be injected. */
export class MemoryCluster {
  readonly clock: Clock
  readonly transport: MemoryTransport
  readonly recordsPerFetch: () => number
  readonly faults: MemoryFaults = new MemoryFaults()
  readonly #topics = new Map<TopicName, MemoryTopic>()
  readonly #producers = new Map<string, { readonly id: number; epoch: number }>()
  readonly #groups = new Map<string, MemoryGroup>()
  #clients = 0

  constructor(options: MemoryClusterOptions = {}) {
    this.clock = options.clock ?? systemClock
    this.transport = options.transport ?? immediateTransport
    this.recordsPerFetch = options.recordsPerFetch ?? (() => 500)
  }

  /** A name that no other client has. */
  nextClientName(): string {
    this.#clients += 1
    return `client-${this.#clients}`
  }

  /** @throws StreamError `TOPIC_MISMATCH` */
  ensureTopic(spec: TopicSpec, partitions: number): void {
    const known = this.#topics.get(spec.name)
    if (known === undefined) {
      const logs = Array.from({ length: partitions }, (_, partition) => new MemoryLog(spec.name, partition))
      this.#topics.set(spec.name, { spec, logs })
      return
    }
    const problems = [
      ['partitions', partitions, known.logs.length],
      ['cleanup.policy', spec.cleanup, known.spec.cleanup],
      ['message.timestamp.type', spec.timestamp, known.spec.timestamp],
    ].filter(([, expected, got]) => expected !== got)
    if (problems.length === 0) return
    const found = problems.map(
      ([what, expected, got]) => `${spec.name}: expected ${what} ${expected}, got ${got}`,
    )
    throw new StreamError('TOPIC_MISMATCH', `topics: ${found.join('; ')}`)
  }

  /** @throws StreamError `TOPIC_UNKNOWN` */
  logs(topic: TopicName): readonly MemoryLog[] {
    const known = this.#topics.get(topic)
    if (known !== undefined) return known.logs
    throw new StreamError('TOPIC_UNKNOWN', `${topic}: expected an existing topic, got none`)
  }

  /** @throws StreamError `TOPIC_UNKNOWN` */
  log(topic: TopicName, partition: number): MemoryLog {
    const logs = this.logs(topic)
    const log = logs[partition]
    if (log !== undefined) return log
    const message = `${topic}: expected one of ${logs.length} partitions, got ${partition}`
    throw new StreamError('TOPIC_UNKNOWN', message)
  }

  /** Retention takes everything that stands in a topic. */
  forget(): void {
    for (const { logs } of this.#topics.values()) for (const log of logs) log.truncate(log.end)
  }

  /** What stands in a partition. */
  records(topic: TopicName, partition: number): readonly LogRecord[] {
    return this.log(topic, partition).records
  }

  append(
    topic: TopicName,
    partition: number,
    records: readonly KeyedValue[],
    producer?: MemoryProducer,
  ): bigint {
    const isBrokersTime = this.#topics.get(topic)?.spec.timestamp === 'LogAppendTime'
    const timed = isBrokersTime ? records.map(({ key, value }) => ({ key, value })) : records
    return this.log(topic, partition).append(timed, this.clock.now(), producer)
  }

  /** The producer of a transactional id, with an epoch above every earlier one. */
  initProducer(transactionalId: string): { readonly id: number; readonly epoch: number } {
    const known = this.#producers.get(transactionalId)
    const producer = { id: known?.id ?? this.#producers.size, epoch: (known?.epoch ?? -1) + 1 }
    this.#producers.set(transactionalId, producer)
    return producer
  }

  group(name: string, topic: TopicName): MemoryGroup {
    const known = this.#groups.get(name)
    if (known !== undefined) return known
    const group = new MemoryGroup(this.logs(topic).length)
    this.#groups.set(name, group)
    return group
  }

  /** The session time-out passes for a client that was not heard of: its partitions go to others. */
  expel(client: string): void {
    for (const group of this.#groups.values()) group.expel(client)
  }
}
