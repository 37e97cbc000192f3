import { test } from 'node:test'

import { runStatefulService } from '@cordon/stream'
import { countingProcessor, numberRecord } from '@cordon/stream/fixtures/counting-processor'
import { plainCodec } from '@cordon/stream/fixtures/plain-codec'

import { eventually } from '../support/eventually.ts'
import { plainKafkaJs } from '../support/plain-kafkajs.ts'
import { openTestStream } from '../support/test-stream.ts'

const topics = [
  'session-events',
  'scorer-state',
  'session-decisions',
  'security-signals',
  'gate-verdicts',
  'dead-letters',
] as const

test('the cluster’s own tools see how far a group is', async t => {
  const { client, settings } = await openTestStream(t, { topics, partitions: 2 })
  const codec = plainCodec()
  const processor = countingProcessor(codec)
  const service = await runStatefulService({ client, processor, codec, group: 'counters', tickIntervalMs: 0 })
  const publisher = await client.openPublisher()
  await publisher.publish([0, 0, 0, 1].map(partition => numberRecord(codec, 'k', 7, partition)))

  const admin = plainKafkaJs().admin()
  t.after(async () => await admin.disconnect())
  await admin.connect()
  const offsets = async (): Promise<string> => {
    const topic = `${settings.topicPrefix}session-events`
    const [found] = await admin.fetchOffsets({ groupId: `${settings.topicPrefix}counters`, topics: [topic] })
    const told = found?.partitions.toSorted((a, b) => a.partition - b.partition)
    return told?.map(({ offset }) => offset).join(' ') ?? ''
  }
  await eventually('both positions', async () => (await offsets()) === '3 1', 20_000)
  await service.close()
})
