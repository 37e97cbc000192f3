import { randomBytes } from 'node:crypto'

import { topicCatalogue } from '@cordon/schemas'
import type { TopicName } from '@cordon/schemas'
import { openKafkaClient } from '@cordon/stream'
import type { KafkaClientSettings, KafkaTuning, StreamClient } from '@cordon/stream'

import { testBroker } from './broker.ts'
import { recordedLog } from './recorded-log.ts'
import type { RecordedLog } from './recorded-log.ts'

export interface TestStreamOptions {
  /** Created before the client is handed out. */
  readonly topics?: readonly TopicName[]
  readonly partitions?: number
  readonly overrides?: Readonly<Record<string, string>>
  readonly tuning?: Partial<KafkaTuning>
}

export interface TestStream {
  readonly client: StreamClient
  readonly settings: KafkaClientSettings
  readonly log: RecordedLog
  /** A further client on the same topics. */
  readonly openClient: (tuning?: Partial<KafkaTuning>) => StreamClient
}

/** Topics of their own for one test, and a client on them; closed with the test. */
export const openTestStream = async (
  test: { after(close: () => Promise<void>): void },
  { topics = [], partitions = 1, overrides = {}, tuning = {} }: TestStreamOptions = {},
): Promise<TestStream> => {
  const topicPrefix = `test-${randomBytes(6).toString('hex')}-`
  const settings = { brokers: testBroker(), clientId: 'test', topicPrefix }
  const log = recordedLog()
  const clients: StreamClient[] = []
  const openClient = (more: Partial<KafkaTuning> = {}): StreamClient => {
    const client = openKafkaClient(settings, { log, tuning: { ...tuning, ...more } })
    clients.push(client)
    return client
  }
  test.after(async () => {
    await Promise.all(clients.map(async client => await client.close()))
  })
  const client = openClient()
  const specs = topics.map(name => topicCatalogue[name])
  if (specs.length > 0) {
    await client.admin.ensureTopics(specs, {
      partitions,
      replicationFactor: 1,
      minInSyncReplicas: 1,
      overrides,
    })
  }
  return { client, settings, log, openClient }
}
