import { connect as connectPlain, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

import kafkajs from 'kafkajs'
import type {
  Admin,
  ConfigResourceTypes,
  ISocketFactoryArgs,
  Kafka,
  KafkaConfig,
  logCreator,
  SASLOptions,
} from 'kafkajs'

import { repairConnections } from './connection-repairs.ts'
import type { KafkaClientSettings } from './kafka-settings.ts'
import type { KafkaJsRepairs } from './kafkajs-repairs.ts'
import { nameSeeds } from './seed-brokers.ts'

/** What the adapter uses of kafkajs's inner broker; its types cover the public interface only. */
export interface KafkaJsBroker {
  readonly connectionPool: {
    readonly host: string
    readonly port: number
    /** Connected by then. */
    getConnection(index: number): Promise<{ send(request: object): Promise<unknown> }>
  }
  initProducerId(request: {
    /** `null`: a producer that is idempotent and nothing more. */
    transactionalId: string | null
    transactionTimeout: number
  }): Promise<{ producerId: string; producerEpoch: number }>
  joinGroup(request: {
    groupId: string
    sessionTimeout: number
    rebalanceTimeout: number
    memberId: string
    groupProtocols: readonly { name: string; metadata: Buffer }[]
  }): Promise<{
    generationId: number
    leaderId: string
    memberId: string
    members: readonly { memberId: string; memberMetadata: Buffer }[]
  }>
  syncGroup(request: {
    groupId: string
    generationId: number
    memberId: string
    groupAssignment: readonly { memberId: string; memberAssignment: Buffer }[]
  }): Promise<{ memberAssignment: Buffer }>
  heartbeat(request: { groupId: string; groupGenerationId: number; memberId: string }): Promise<unknown>
  offsetCommit(request: {
    groupId: string
    groupGenerationId: number
    memberId: string
    topics: readonly { topic: string; partitions: readonly { partition: number; offset: string }[] }[]
  }): Promise<unknown>
  leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>
}

/** What the adapter uses of kafkajs's inner cluster: connections, metadata and who coordinates what. */
export interface KafkaJsCluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>
  refreshMetadata(): Promise<void>
  findBroker(options: { nodeId: string }): Promise<KafkaJsBroker>
  findTopicPartitionMetadata(topic: string): readonly { partitionId: number; leader: number }[]
  findGroupCoordinator(options: { groupId: string; coordinatorType: 0 | 1 }): Promise<KafkaJsBroker>
  fetchTopicsOffset(
    topics: readonly {
      topic: string
      partitions: readonly { partition: number }[]
      fromBeginning: boolean
    }[],
  ): Promise<readonly { topic: string; partitions: readonly { partition: number; offset: string }[] }[]>
}

// Each operation of the adapter retries by itself; kafkajs only gets over the seams inside one.
const retry = { initialRetryTime: 20, maxRetryTime: 200, retries: 4 }
const connectionTimeoutMs = 5000
const keepAliveMs = 60_000
// kafkajs has no view of its own on partitions that it is not asked for; followers refresh when they are told.
const metadataMaxAgeMs = 300_000

const isSasl = (sasl: object): sasl is SASLOptions => 'mechanism' in sasl

// `ssl` is null, whatever its type says, where TLS is not wanted.
const openSocket =
  (addresses: ReadonlyMap<string, string>, onSocket: DoorOptions['onSocket']) =>
  ({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket => {
    const address = addresses.get(host) ?? host
    const socket = ssl
      ? connectTls(
          { host: address, port, ...(isIP(address) === 0 && { servername: address }), ...ssl },
          onConnect,
        )
      : connectPlain({ host: address, port }, onConnect)
    socket.setKeepAlive(true, keepAliveMs)
    // Nagle's algorithm would hold the second of two small requests back until the first is acknowledged.
    socket.setNoDelay(true)
    // kafkajs unrefs a dead socket again at each further disconnect, and Node keeps a listener for each.
    socket.setMaxListeners(0)
    onSocket(socket, host, port)
    return socket
  }

export interface DoorOptions {
  readonly requestTimeoutMs: number
  readonly logCreator: logCreator
  readonly repairs: KafkaJsRepairs
  readonly onSocket: (socket: Socket, host: string, port: number) => void
}

const createKafka = (settings: KafkaClientSettings, options: DoorOptions): Kafka => {
  const { named, addresses } = nameSeeds(settings.brokers)
  const socketFactory = openSocket(addresses, options.onSocket)
  repairConnections(socketFactory, options.repairs)
  const config: KafkaConfig = {
    brokers: [...named],
    clientId: settings.clientId,
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: options.requestTimeoutMs,
    enforceRequestTimeout: true,
    retry,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: options.logCreator,
    socketFactory,
  }
  if (settings.tls !== undefined) config.ssl = { ...settings.tls } as Exclude<KafkaConfig['ssl'], undefined>
  // kafkajs writes its authenticator into the object it is given.
  if (settings.sasl !== undefined) {
    const sasl = { ...settings.sasl }
    if (isSasl(sasl)) config.sasl = sasl
  }
  return new kafkajs.Kafka(config)
}

/** kafkajs's cluster, which its public interface hides behind a symbol. */
export const createCluster = (settings: KafkaClientSettings, options: DoorOptions): KafkaJsCluster => {
  const kafka = createKafka(settings, options)
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    s => s.description === 'private:Kafka:createCluster',
  )
  if (symbol === undefined)
    throw new TypeError('kafkajs: expected version 2.2.4, got one without createCluster')
  const create = Reflect.get(kafka, symbol) as (cluster: object) => KafkaJsCluster
  return create({ metadataMaxAge: metadataMaxAgeMs, allowAutoTopicCreation: false, isolationLevel: 0 })
}

export const createAdmin = (settings: KafkaClientSettings, options: DoorOptions): Admin =>
  createKafka(settings, options).admin()

export const topicResource: ConfigResourceTypes = kafkajs.ConfigResourceTypes.TOPIC
