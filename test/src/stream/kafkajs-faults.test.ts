import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import type { KafkaJsRepairs, LogRecord, StreamClient } from '@cordon/stream'
import type { Producer, ProducerConfig } from 'kafkajs'

import { heldAssignment } from '../support/assignment.ts'
import { eventually } from '../support/eventually.ts'
import { gatherConnections } from '../support/lost-connections.ts'
import { startOwnBroker } from '../support/own-broker.ts'
import { plainKafkaJs } from '../support/plain-kafkajs.ts'
import { openTestStream } from '../support/test-stream.ts'

// The faults of kafkajs 2.2.4 (packages/stream/README.md lists them), each with and without what Cordon does about it:
// unrepaired where there is a repair, on kafkajs itself where Cordon has a part of its own instead. Fault 1 has a file of
// its own (`emptied-batch.test.ts`).

const topic = 'session-events'

const openPlainProducer = async (t: TestContext, config: ProducerConfig = {}): Promise<Producer> => {
  const producer = plainKafkaJs().producer(config)
  t.after(async () => await producer.disconnect())
  await producer.connect()
  return producer
}

const readAll = async (client: StreamClient): Promise<LogRecord[]> => {
  const seen: LogRecord[] = []
  const table = await client.openTable({ topic, maxWaitMs: 100, onRecord: read => seen.push(read) })
  await table.caughtUp
  await table.close()
  return seen
}

const valuesOf = async (client: StreamClient): Promise<string[]> =>
  (await readAll(client)).map(({ value }) => String(value))

// First of this file, and in this order: Node warns of it once per process.
for (const avoidNegativeTimers of [true, false]) {
  test(`fault 5, ${avoidNegativeTimers ? 'repaired: no' : 'unrepaired: a'} timer with a negative delay`, async t => {
    const warnings: string[] = []
    const onWarning = ({ name }: Error) => void warnings.push(name)
    process.on('warning', onWarning)
    t.after(() => process.off('warning', onWarning))
    await openTestStream(t, { topics: [topic], repairs: { avoidNegativeTimers } })
    await sleep(10)
    assert.deepEqual(warnings, avoidNegativeTimers ? [] : ['TimeoutNegativeWarning'])
  })
}

const followSilentBroker = async (t: TestContext, repairs: Partial<KafkaJsRepairs>) => {
  const connections = gatherConnections(t)
  const { client, openClient } = await openTestStream(t, { topics: [topic] })
  const seen: string[] = []
  const follower = await openClient({ requestTimeoutMs: 300 }, repairs).openFollower({
    topic,
    from: new Map([[0, 0n]]),
    maxWaitMs: 100,
    onRecords: (_partition, records) => void seen.push(...records.map(({ key }) => String(key))),
  })
  await eventually('a first fetch', () => follower.staleness(0) < 100)
  connections.deafen()
  const publisher = await client.openPublisher()
  await publisher.publish([{ topic, partition: 0, key: 'after', value: null }])
  return { seen, connections }
}

/**
 * @fault a broker that stops answering while its connections stay open
 * @behaviour requests that are overdue cut the connection, the next goes over a new one: no gap longer than a request's time-out
 * @counter none: the log says it
 */
test('fault 2, repaired: a connection that went silent is given up', async t => {
  const { seen } = await followSilentBroker(t, {})
  await eventually('the record', () => seen.includes('after'))
})

test('fault 2, unrepaired: a connection that went silent is asked again and again', async t => {
  const { seen, connections } = await followSilentBroker(t, { cutSilentConnections: false })
  // Ten times as long as a request may take here.
  await sleep(3000)
  assert.equal(seen.length, 0)
  connections.breakAll()
  await eventually('the record', () => seen.includes('after'))
})

test('fault 3: kafkajs itself reports the broker’s time on a LogAppendTime topic, and so does Cordon', async t => {
  const { client, settings } = await openTestStream(t, { topics: [topic] })
  const wireTopic = settings.topicPrefix + topic
  const producer = await openPlainProducer(t)
  const longAgo = '1000'
  const messages = ['a', 'b'].map(value => ({ value, key: value, timestamp: longAgo }))
  await producer.send({ topic: wireTopic, messages })
  const records = await readAll(client)

  const timestamps: string[] = []
  const consumer = plainKafkaJs().consumer({ groupId: `${settings.topicPrefix}plain` })
  t.after(async () => await consumer.disconnect())
  await consumer.connect()
  await consumer.subscribe({ topic: wireTopic, fromBeginning: true })
  await consumer.run({
    eachMessage: ({ message }) => Promise.resolve(void timestamps.push(message.timestamp)),
  })
  await eventually('both messages', () => timestamps.length === 2, 20_000)
  assert.deepEqual(
    records.map(({ timestamp }) => String(timestamp)),
    timestamps,
  )
  assert.ok(Number(timestamps[0]) > Date.now() - 60_000)
})

// Only a new broker has no coordinators yet.
for (const hushRetries of [true, false]) {
  test(`fault 4, ${hushRetries ? 'repaired: first contact is quiet' : 'unrepaired: first contact complains'}`, async t => {
    const { brokers } = await startOwnBroker(t)
    const { client, log } = await openTestStream(t, { brokers, topics: [topic], repairs: { hushRetries } })
    await client.joinMembership({
      group: 'first',
      topic,
      sessionTimeoutMs: 6000,
      onAssigned: () => {},
      onRevoked: () => {},
    })
    const complaints = log.complaints.filter(({ message }) => message === 'kafkajs reported a fault')
    assert.equal(complaints.length > 0, !hushRetries)
  })
}

const large = Array.from({ length: 3 }, () => Buffer.alloc(400_000))

test('fault 6: what is too much for one batch goes in several; kafkajs itself loses all of it', async t => {
  const { client, settings } = await openTestStream(t, { topics: [topic] })
  const publisher = await client.openPublisher()
  const records = large.map(value => ({ topic, partition: 0, key: 'k', value }) as const)
  assert.deepEqual(await publisher.publish(records), [0n, 1n, 2n])

  const producer = await openPlainProducer(t)
  const messages = large.map(value => ({ key: 'k', value }))
  await assert.rejects(producer.send({ topic: settings.topicPrefix + topic, messages }), {
    type: 'MESSAGE_TOO_LARGE',
  })
  assert.deepEqual(await client.admin.endOffsets(topic), new Map([[0, 3n]]))
})

// Both with two writes at hand, of which the first is appended and its answer is lost.
test('fault 7: a write whose answer got lost is asked about, and the next keeps its own sequence', async t => {
  const connections = gatherConnections(t)
  const { client } = await openTestStream(t, { topics: [topic] })
  const writer = await client.claimPartition({
    transactionalId: 'w',
    partition: 0,
    topics: [topic],
    epoch: heldAssignment(1),
    claim: () => Buffer.from('claim'),
  })
  connections.deafen()
  const written = ['first', 'second'].map(async value =>
    writer.commit([{ key: 'k', value: Buffer.from(value) }]),
  )
  await eventually('the first', async () => (await client.admin.endOffsets(topic)).get(0) === 2n)
  connections.breakAll()
  assert.deepEqual(await Promise.all(written), [1n, 2n])
  assert.deepEqual(await valuesOf(client), ['claim', 'first', 'second'])
})

test('fault 7, kafkajs itself: the next write takes that sequence, is lost, and the first is written twice', async t => {
  const connections = gatherConnections(t)
  const { client, settings } = await openTestStream(t, { topics: [topic] })
  const producer = await openPlainProducer(t, { idempotent: true, maxInFlightRequests: 1 })
  // It opens a socket too many as it reconnects, which nobody closes.
  t.after(() => void connections.breakAll())
  const send = async (value: string) =>
    producer.send({ topic: settings.topicPrefix + topic, messages: [{ key: 'k', value }] })
  await send('zeroth')
  connections.deafen()
  const first = send('first')
  await eventually('the first', async () => (await client.admin.endOffsets(topic)).get(0) === 2n)
  const second = send('second')
  connections.breakAll()
  // Both are reported as written.
  await Promise.all([first, second])
  assert.deepEqual(await valuesOf(client), ['zeroth', 'first', 'first'])
})
