import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import type { LogRecord } from '@cordon/stream'

import { heldAssignment } from '../support/assignment.ts'
import { eventually } from '../support/eventually.ts'
import { openTestStream } from '../support/test-stream.ts'

const events = 'session-events'
const partitionsFromStart = (...partitions: number[]) => new Map(partitions.map(partition => [partition, 0n]))
const record = (partition: number, key: string) =>
  ({ topic: events, partition, key, value: Buffer.from(key) }) as const

test('delivers a record at once, whatever its idle poll', async t => {
  const { client, log } = await openTestStream(t, { topics: [events] })
  const publisher = await client.openPublisher()
  const seen = new Map<string, number>()
  const onRecords = (_: number, records: readonly LogRecord[]) => {
    for (const { key } of records) seen.set(String(key), performance.now())
  }
  await client.openFollower({ topic: events, from: partitionsFromStart(0), maxWaitMs: 5000, onRecords })
  await publisher.publish([record(0, 'first')])
  await eventually('the first record', () => seen.has('first'))
  const publishedAt = performance.now()
  await publisher.publish([record(0, 'second')])
  await eventually('the second record', () => seen.has('second'))
  assert.ok(seen.get('second')! - publishedAt < 500)
  assert.deepEqual(log.complaints, [])
})

test('gives records of a LogAppendTime topic the broker’s time, and of another the producer’s', async t => {
  const { client } = await openTestStream(t, { topics: [events, 'security-signals'] })
  const publisher = await client.openPublisher()
  const seen: LogRecord[] = []
  const onRecords = (_: number, records: readonly LogRecord[]) => void seen.push(...records)
  const before = Date.now()
  await publisher.publish([record(0, 'a'), { ...record(0, 'a'), topic: 'security-signals' }])
  const after = Date.now()
  for (const topic of [events, 'security-signals'] as const) {
    await client.openFollower({ topic, from: partitionsFromStart(0), maxWaitMs: 100, onRecords })
  }
  await eventually('both records', () => seen.length === 2)
  for (const { timestamp } of seen) assert.ok(timestamp >= before && timestamp <= after)
})

test('takes the broker’s time where the producer’s clock lies', async t => {
  const { client } = await openTestStream(t, { topics: [events] })
  const publisher = await client.openPublisher()
  const timestamps: number[] = []
  const onRecords = (_: number, records: readonly LogRecord[]) =>
    void timestamps.push(...records.map(({ timestamp }) => timestamp))
  const now = Date.now()
  t.mock.method(Date, 'now', () => now - 86_400_000)
  await publisher.publish([record(0, 'a'), record(0, 'b')])
  t.mock.restoreAll()
  await client.openFollower({ topic: events, from: partitionsFromStart(0), maxWaitMs: 100, onRecords })
  await eventually('both records', () => timestamps.length === 2)
  for (const timestamp of timestamps) assert.ok(Math.abs(timestamp - now) < 10_000)
})

test('a slow handler of one partition does not hold the others, and its own records wait', async t => {
  const { client } = await openTestStream(t, { topics: [events], partitions: 2 })
  const publisher = await client.openPublisher()
  const released = Promise.withResolvers<void>()
  const seen: string[] = []
  const onRecords = async (partition: number, records: readonly LogRecord[]) => {
    seen.push(...records.map(({ key }) => `${partition}:${String(key)}`))
    if (partition === 0) await released.promise
  }
  const follower = await client.openFollower({
    topic: events,
    from: partitionsFromStart(0, 1),
    maxWaitMs: 2000,
    onRecords,
  })
  await publisher.publish([record(0, 'slow')])
  await eventually('the slow handler', () => seen.length === 1)
  for (let i = 0; i < 5; i += 1) {
    await publisher.publish([record(0, `later${i}`), record(1, `${i}`)])
    await eventually('its neighbour', () => seen.length === i + 2, 500)
  }
  assert.deepEqual(seen, ['0:slow', '1:0', '1:1', '1:2', '1:3', '1:4'])
  assert.deepEqual([follower.position(0), follower.position(1)], [0n, 5n])
  released.resolve()
  await eventually('the rest', () => follower.position(0) === 6n)
  assert.equal(seen.length, 11)
})

test('goes past holes that compaction left, also at the end of the log', async t => {
  const topic = 'session-decisions'
  const overrides = {
    'segment.ms': '300',
    'min.cleanable.dirty.ratio': '0.001',
    'max.compaction.lag.ms': '300',
    'delete.retention.ms': '0',
  }
  const { client } = await openTestStream(t, { topics: [topic], overrides })
  const writer = await client.claimPartition({
    transactionalId: 'w',
    partition: 0,
    topics: [topic],
    epoch: heldAssignment(1),
    claim: () => Buffer.from('claim'),
  })
  const readOffsets = async (): Promise<{ offsets: bigint[]; position: bigint }> => {
    const offsets: bigint[] = []
    const table = await client.openTable({
      topic,
      maxWaitMs: 100,
      onRecord: ({ offset }) => offsets.push(offset),
    })
    await table.caughtUp
    const position = table.position(0)
    await table.close()
    return { offsets, position }
  }
  let end = 0n
  await eventually(
    'a hole',
    async () => {
      const last = await writer.commit([
        { key: 'a', value: Buffer.from('1') },
        { key: 'b', value: null },
      ])
      end = last + 2n
      await sleep(400)
      const { offsets, position } = await readOffsets()
      assert.equal(position, end)
      return offsets.length < Number(end)
    },
    30_000,
  )
})

test('follows, unfollows and moves partitions while it runs', async t => {
  const { client } = await openTestStream(t, { topics: [events], partitions: 2 })
  const publisher = await client.openPublisher()
  const seen: string[] = []
  const onRecords = (partition: number, records: readonly LogRecord[]) => {
    seen.push(...records.map(({ offset }) => `${partition}:${offset}`))
  }
  await publisher.publish([record(0, 'a'), record(0, 'b'), record(1, 'a')])
  const follower = await client.openFollower({ topic: events, from: new Map(), maxWaitMs: 100, onRecords })
  follower.follow(0, 1n)
  await eventually('one record', () => seen.join() === '0:1')
  follower.follow(1, 0n)
  await eventually('another partition', () => seen.join() === '0:1,1:0')
  follower.follow(0, 0n)
  await eventually('the records again', () => seen.join() === '0:1,1:0,0:0,0:1')
  follower.unfollow(0)
  await publisher.publish([record(0, 'c'), record(1, 'b')])
  await eventually('the other partition', () => follower.position(1) === 2n)
  await sleep(150)
  assert.equal(seen.join(), '0:1,1:0,0:0,0:1,1:1')
  assert.throws(() => follower.follow(2, 0n), { code: 'TOPIC_UNKNOWN' })
  assert.ok(follower.staleness(1) < 1000)
})

test('fails loudly when a handler throws, and stops there', async t => {
  const { client } = await openTestStream(t, { topics: [events] })
  const publisher = await client.openPublisher()
  await publisher.publish([record(0, 'a')])
  const onRecords = async () => {
    throw new Error('poison')
  }
  const follower = await client.openFollower({
    topic: events,
    from: partitionsFromStart(0),
    maxWaitMs: 100,
    onRecords,
  })
  await assert.rejects(follower.failed, /^Error: poison$/v)
  assert.equal(follower.position(0), 0n)
})

test('fails loudly at an offset that the log does not have', async t => {
  const { client } = await openTestStream(t, { topics: [events] })
  const follower = await client.openFollower({
    topic: events,
    from: new Map([[0, 77n]]),
    maxWaitMs: 100,
    onRecords: () => {},
  })
  await assert.rejects(follower.failed, { code: 'OFFSET_OUT_OF_RANGE' })
})

test('a closed follower delivers nothing and closes at once', async t => {
  const { client } = await openTestStream(t, { topics: [events] })
  const publisher = await client.openPublisher()
  let delivered = 0
  const follower = await client.openFollower({
    topic: events,
    from: partitionsFromStart(0),
    maxWaitMs: 5000,
    onRecords: () => void (delivered += 1),
  })
  await sleep(50)
  const startedAt = performance.now()
  await follower.close()
  assert.ok(performance.now() - startedAt < 1000)
  await publisher.publish([record(0, 'late')])
  await sleep(100)
  assert.equal(delivered, 0)
})
