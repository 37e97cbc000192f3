import type { Socket } from 'node:net'

import type { TopicName } from '@cordon/schemas'

import { StreamError } from '../stream-error.ts'
import { closedError, pause, retrying } from './back-off.ts'
import { faultName } from './kafka-fault.ts'
import type { KafkaClientSettings } from './kafka-settings.ts'
import type { KafkaTuning } from './kafka-tuning.ts'
import { createCluster } from './kafkajs-door.ts'
import type { KafkaJsBroker, KafkaJsCluster } from './kafkajs-door.ts'
import { kafkaJsLog } from './kafkajs-log.ts'
import type { KafkaJsRepairs } from './kafkajs-repairs.ts'
import type { StreamLog } from './stream-log.ts'

/** What every mechanism of the adapter is opened with. */
export interface KafkaContext {
  readonly settings: KafkaClientSettings
  readonly tuning: KafkaTuning
  readonly repairs: KafkaJsRepairs
  readonly log: StreamLog
  /** Told when a link that was opened with this closes. */
  readonly onClosed?: () => void
}

/** A request in the wire format, and how its response is read. */
export interface WireRequest<Response> {
  readonly apiKey: number
  readonly apiName: string
  readonly apiVersion: number
  readonly body: Buffer
  /** How long the broker may hold the request by agreement. */
  readonly holdMs: number
  readonly decode: (payload: Buffer) => Response & { readonly throttleMs: number }
}

/** Which connection to a node: the one that fetches go over, which may be held, or the one for everything else. */
export type Connection = 'fetches' | 'others'

// Where kafkajs keeps them itself.
const poolIndex: Record<Connection, number> = { others: 0, fetches: 1 }

// A topic that a neighbour is just creating shows up within this time.
const unknownTopicMs = 2000

/**
 * Connections of its own to the cluster, two to each node: a broker answers the requests of one connection in their
 * order, and a fetch that it holds back would hold everything behind it, of this mechanism or of its neighbours.
 */
export class ClusterLink {
  readonly #context: KafkaContext
  readonly #cluster: KafkaJsCluster
  readonly #sockets = new Map<string, Set<Socket>>()
  readonly #closing = new AbortController()

  private constructor(context: KafkaContext) {
    this.#context = context
    this.#cluster = createCluster(context.settings, {
      requestTimeoutMs: context.tuning.requestTimeoutMs,
      logCreator: kafkaJsLog(context.log, context.repairs),
      repairs: context.repairs,
      onSocket: (socket, host, port) => this.#keep(socket, host, port),
    })
  }

  /** @throws StreamError `TRANSIENT_FAULT` where no broker answers, `TOPIC_UNKNOWN`, `REFUSED` */
  static async open(context: KafkaContext, topics: readonly TopicName[]): Promise<ClusterLink> {
    const link = new ClusterLink(context)
    try {
      await link.retrying(`kafka at ${context.settings.brokers.join(', ')}`, () => link.#cluster.connect())
      await link.addTopics(topics)
      return link
    } catch (error) {
      await link.close()
      throw error
    }
  }

  /** Aborts when the link closes: ends the waits of everything that uses it. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** kafkajs's own requests: groups, coordinators, offsets. */
  get cluster(): KafkaJsCluster {
    return this.#cluster
  }

  wireName(topic: TopicName): string {
    return this.#context.settings.topicPrefix + topic
  }

  /** Repeats an operation for as long as opening something may take. */
  async retrying<Result>(what: string, operation: () => Promise<Result>): Promise<Result> {
    const mayRetry = (_fault: string, elapsedMs: number) => elapsedMs < this.#context.tuning.openTimeoutMs
    return await retrying(operation, { what, closing: this.closing, mayRetry })
  }

  /** Makes the topics' partitions and leaders known. @throws StreamError `TOPIC_UNKNOWN` */
  async addTopics(topics: readonly TopicName[]): Promise<void> {
    const startedAt = performance.now()
    await this.retrying(`topics ${topics.join(', ')}`, async () => {
      try {
        await this.#cluster.addMultipleTargetTopics(topics.map(topic => this.wireName(topic)))
      } catch (error) {
        const unknown = faultName(error) === 'UNKNOWN_TOPIC_OR_PARTITION'
        if (!unknown || performance.now() - startedAt < unknownTopicMs) throw error
        const wanted = topics.map(topic => this.wireName(topic)).join(', ')
        throw new StreamError('TOPIC_UNKNOWN', `topics: expected ${wanted}, got a cluster that lacks some`)
      }
    })
  }

  partitions(topic: TopicName): readonly number[] {
    const known = this.#cluster.findTopicPartitionMetadata(this.wireName(topic))
    return known.map(partition => partition.partitionId).sort((a, b) => a - b)
  }

  /** The node that leads the partition, as far as is known. */
  leader(topic: TopicName, partition: number): number | undefined {
    const known = this.#cluster.findTopicPartitionMetadata(this.wireName(topic))
    const leader = known.find(({ partitionId }) => partitionId === partition)?.leader
    return leader === undefined || leader < 0 ? undefined : leader
  }

  async refresh(): Promise<void> {
    await this.#cluster.refreshMetadata()
  }

  /** Sends a request to a node. Rejects with kafkajs's error where the node cannot be reached or does not answer in time. */
  async send<Response>(
    node: number,
    request: WireRequest<Response>,
    connection: Connection = 'others',
  ): Promise<Response> {
    if (this.closing.aborted) throw closedError(request.apiName)
    const broker = await this.#cluster.findBroker({ nodeId: String(node) })
    const { apiKey, apiName, apiVersion, body } = request
    const decode = (payload: Buffer) => {
      const response = request.decode(payload)
      return { response, clientSideThrottleTime: response.throttleMs }
    }
    try {
      const over = await broker.connectionPool.getConnection(poolIndex[connection])
      return (await over.send({
        // kafkajs asks for its own encoder and takes these two fields of it.
        request: { apiKey, apiName, apiVersion, encode: () => ({ buf: body, buffer: body }) },
        response: { decode, parse: ({ response }: { response: Response }) => response },
        requestTimeout: request.holdMs + this.#context.tuning.requestTimeoutMs,
        logResponseError: false,
      })) as Response
    } catch (error) {
      this.#dropAfter(error, broker)
      throw error
    }
  }

  /** Next offsets (`latest`) or first offsets (`earliest`) of partitions. */
  async offsets(
    topic: TopicName,
    partitions: readonly number[],
    which: 'earliest' | 'latest',
  ): Promise<ReadonlyMap<number, bigint>> {
    if (partitions.length === 0) return new Map()
    return await this.retrying(`offsets of ${topic}`, async () => {
      const wanted = {
        topic: this.wireName(topic),
        partitions: partitions.map(partition => ({ partition })),
        fromBeginning: which === 'earliest',
      }
      try {
        const [found] = await this.#cluster.fetchTopicsOffset([wanted])
        return new Map(found?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]))
      } catch (error) {
        await this.#cluster.refreshMetadata()
        throw error
      }
    })
  }

  /** Cuts every connection: requests that wait on them fail, the next one connects anew. */
  dropConnections(reason: string): void {
    for (const sockets of this.#sockets.values())
      for (const socket of sockets) socket.destroy(new Error(reason))
  }

  /** @throws StreamError `CLOSED` */
  async pause(attempt: number): Promise<void> {
    await pause(attempt, this.closing, 'kafka')
  }

  /** At once: what still waits for a response fails. */
  async close(): Promise<void> {
    if (this.closing.aborted) return
    this.#closing.abort()
    this.#context.onClosed?.()
    this.dropConnections('closed')
    await this.#cluster.disconnect()
  }

  // A node that went silent keeps its connection open for minutes, and kafkajs would go on waiting on it.
  #dropAfter(error: unknown, { connectionPool: { host, port } }: KafkaJsBroker): void {
    if (!this.#context.repairs.cutSilentConnections) return
    const fault = faultName(error)
    if (fault !== 'KafkaJSRequestTimeoutError' && fault !== 'KafkaJSConnectionClosedError') return
    for (const socket of this.#sockets.get(`${host}:${port}`) ?? []) socket.destroy(new Error(fault))
  }

  #keep(socket: Socket, host: string, port: number): void {
    const address = `${host}:${port}`
    const sockets = this.#sockets.get(address) ?? new Set()
    this.#sockets.set(address, sockets.add(socket))
    socket.once('close', () => sockets.delete(socket))
  }
}
