import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { LogRecord, OutgoingRecord, StreamClient } from '@cordon/stream'

import { eventually } from '../support/eventually.ts'
import { openTestStream } from '../support/test-stream.ts'

const topic = 'session-events'
const record = (partition: number, key: string, bytes = 10): OutgoingRecord => ({
  topic,
  partition,
  key,
  value: Buffer.alloc(bytes),
})

const readAll = async (client: StreamClient): Promise<LogRecord[]> => {
  const seen: LogRecord[] = []
  const table = await client.openTable({ topic, maxWaitMs: 100, onRecord: read => seen.push(read) })
  await table.caughtUp
  await table.close()
  return seen
}

test('resolves with the offsets in the order of the records', async t => {
  const { client, log } = await openTestStream(t, { topics: [topic], partitions: 2 })
  const publisher = await client.openPublisher()
  const offsets = await publisher.publish([record(0, 'a'), record(1, 'b'), record(0, 'c'), record(1, 'd')])
  assert.deepEqual(offsets, [0n, 0n, 1n, 1n])
  assert.equal(publisher.pending, 0)
  assert.deepEqual(await publisher.publish([]), [])
  assert.deepEqual(log.complaints, [])
})

test('keeps the order of a partition over many publications in flight', async t => {
  const { client } = await openTestStream(t, { topics: [topic], partitions: 3 })
  const publisher = await client.openPublisher()
  const publications: Promise<unknown>[] = []
  for (let i = 0; i < 2000; i += 1) {
    publications.push(publisher.publish([record(i % 3, `${i}`)]))
    if (i % 50 === 0) await new Promise(resolve => setImmediate(resolve))
  }
  await Promise.all(publications)
  const seen = await readAll(client)
  assert.equal(seen.length, 2000)
  for (const partition of [0, 1, 2]) {
    const keys = seen.filter(read => read.partition === partition).map(({ key }) => Number(key))
    assert.deepEqual(
      keys,
      keys.toSorted((a, b) => a - b),
    )
  }
})

test('waits while its queue is full, and lets the waiting in in their order', async t => {
  const { client } = await openTestStream(t, { topics: [topic], tuning: { publishQueueBytes: 10_000 } })
  const publisher = await client.openPublisher()
  const done: number[] = []
  let mostPending = 0
  const publications = Array.from({ length: 40 }, async (_, i) => {
    await publisher.publish([record(0, `${i}`, 3000)])
    mostPending = Math.max(mostPending, publisher.pending)
    done.push(i)
  })
  await eventually('the queue to be full', () => publisher.pending > 0)
  // Three records of 3,000 bytes fit into 10,000.
  assert.equal(publisher.pending, 3)
  await Promise.all(publications)
  assert.ok(mostPending <= 3)
  assert.deepEqual(
    done,
    done.toSorted((a, b) => a - b),
  )
  assert.deepEqual(
    (await readAll(client)).map(({ key }) => Number(key)),
    Array.from({ length: 40 }, (_, i) => i),
  )
})

test('refuses a record that is too large at once, and goes on', async t => {
  const { client } = await openTestStream(t, { topics: [topic] })
  const publisher = await client.openPublisher()
  await assert.rejects(publisher.publish([record(0, 'a'), record(0, 'b', 2_000_000)]), {
    code: 'RECORD_TOO_LARGE',
  })
  assert.deepEqual(await publisher.publish([record(0, 'c')]), [0n])
})

test('refuses a record that the topic finds too large, and goes on', async t => {
  const { client } = await openTestStream(t, { topics: [topic], overrides: { 'max.message.bytes': '20000' } })
  const publisher = await client.openPublisher()
  await assert.rejects(publisher.publish([record(0, 'b', 50_000)]), { code: 'RECORD_TOO_LARGE' })
  assert.deepEqual(await publisher.publish([record(0, 'c')]), [0n])
})

test('writes records larger than a batch is meant to be', async t => {
  const { client } = await openTestStream(t, { topics: [topic] })
  const publisher = await client.openPublisher()
  const big = [record(0, 'a', 900_000), record(0, 'b', 400_000), record(0, 'c', 400_000)]
  assert.deepEqual(await publisher.publish(big), [0n, 1n, 2n])
})

test('sends what is pending before it closes', async t => {
  const { client } = await openTestStream(t, { topics: [topic] })
  const publisher = await client.openPublisher()
  await publisher.publish([record(0, 'first')])
  const publications = Array.from(
    { length: 100 },
    async (_, i) => await publisher.publish([record(0, `${i}`)]),
  )
  const published = Promise.all(publications)
  await publisher.close()
  assert.equal((await published).length, 100)
  await assert.rejects(publisher.publish([record(0, 'late')]), { code: 'CLOSED' })
})

test('refuses a topic and a partition that do not exist', async t => {
  const { client } = await openTestStream(t, { topics: [topic] })
  const publisher = await client.openPublisher()
  await assert.rejects(publisher.publish([record(1, 'a')]), { code: 'TOPIC_UNKNOWN' })
  await assert.rejects(publisher.publish([{ ...record(0, 'a'), topic: 'dead-letters' }]), {
    code: 'TOPIC_UNKNOWN',
  })
})
