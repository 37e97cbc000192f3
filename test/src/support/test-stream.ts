import { randomBytes } from 'node:crypto'

import { topicCatalogue } from '@cordon/schemas'
import type { TopicName } from '@cordon/schemas'
import { openKafkaClient } from '@cordon/stream'
import type { KafkaClientSettings, KafkaJsRepairs, KafkaTuning, StreamClient } from '@cordon/stream'

import { testBroker } from './broker.ts'
import { recordedLog } from './recorded-log.ts'
import type { RecordedLog } from './recorded-log.ts'

export interface TestStreamOptions {
  /** Created before the client is handed out. */
  readonly topics?: readonly TopicName[]
  readonly partitions?: number
  readonly overrides?: Readonly<Record<string, string>>
  readonly tuning?: Partial<KafkaTuning>
  readonly repairs?: Partial<KafkaJsRepairs>
  /** Instead of the broker of this test run. */
  readonly brokers?: readonly string[]
}

export interface TestStream {
  readonly client: StreamClient
  readonly settings: KafkaClientSettings
  readonly log: RecordedLog
  /** A further client on the same topics. */
  readonly openClient: (tuning?: Partial<KafkaTuning>, repairs?: Partial<KafkaJsRepairs>) => StreamClient
}

/** Topics of their own for one test, and a client on them; closed with the test. */
export const openTestStream = async (
  test: { after(close: () => Promise<void>): void },
  options: TestStreamOptions = {},
): Promise<TestStream> => {
  const { topics = [], partitions = 1, overrides = {}, tuning = {}, brokers = testBroker() } = options
  const topicPrefix = `test-${randomBytes(6).toString('hex')}-`
  const settings = { brokers, clientId: 'test', topicPrefix }
  const log = recordedLog()
  const clients: StreamClient[] = []
  const openClient: TestStream['openClient'] = (more, repairs = options.repairs) => {
    const client = openKafkaClient(settings, {
      log,
      tuning: { ...tuning, ...more },
      ...(repairs === undefined ? {} : { repairs }),
    })
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
