import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import type { LogRecord } from '@cordon/stream'

import { eventually } from '../support/eventually.ts'
import { openTestStream } from '../support/test-stream.ts'

const topic = 'session-events'
// Longer than anything here waits: who waits for an idle poll fails.
const maxWaitMs = 20_000
const partitions = 6
const numbers = Array.from({ length: partitions }, (_, partition) => partition)
const record = (partition: number) =>
  ({ topic, partition, key: `${partition}`, value: Buffer.from('x') }) as const

const openSix = async (t: Parameters<typeof openTestStream>[0]) => {
  const { client, log } = await openTestStream(t, { topics: [topic], partitions })
  const publisher = await client.openPublisher()
  const seen = numbers.map((): bigint[] => [])
  const onRecords = (partition: number, records: readonly LogRecord[]) => {
    seen[partition]!.push(...records.map(({ offset }) => offset))
  }
  return { client, log, publisher, seen, onRecords }
}

test('a follower hears of every partition from the start, while the others are idle', async t => {
  const { client, log, publisher, seen, onRecords } = await openSix(t)
  const from = new Map(numbers.map(partition => [partition, 0n]))
  await client.openFollower({ topic, from, maxWaitMs, onRecords })
  for (const partition of numbers.toReversed()) {
    await publisher.publish([record(partition)])
    await eventually(`the record of partition ${partition}`, () => seen[partition]!.length === 1)
  }
  assert.deepEqual(log.complaints, [])
})

test(
  'a table hears of every partition from the start, while the others are idle',
  { timeout: 10_000 },
  async t => {
    const { client, publisher } = await openSix(t)
    await publisher.publish([record(partitions - 1)])
    const seen: string[] = []
    const onRecord = ({ key, offset }: LogRecord) => void seen.push(`${String(key)}:${offset}`)
    const table = await client.openTable({ topic, maxWaitMs, onRecord })
    await table.caughtUp
    assert.deepEqual(seen, ['5:0'])
    for (const partition of numbers.toReversed()) {
      await publisher.publish([record(partition)])
      await eventually(`the record of partition ${partition}`, () => table.position(partition) > 0n)
    }
    assert.deepEqual(seen.slice(1), ['5:1', '4:0', '3:0', '2:0', '1:0', '0:0'])
  },
)

test('partitions that are added, or moved, do not wait for the idle poll of the others', async t => {
  const { client, log, publisher, seen, onRecords } = await openSix(t)
  const follower = await client.openFollower({ topic, from: new Map([[0, 0n]]), maxWaitMs, onRecords })
  await publisher.publish([record(0), record(1)])
  await eventually('the first record', () => seen[0]!.length === 1)

  follower.follow(1, 0n)
  await eventually('what stood there', () => seen[1]!.length === 1)
  follower.follow(2, 0n)
  follower.follow(3, 0n)
  // After its first fetches came back empty.
  await sleep(100)
  await publisher.publish([record(3)])
  await eventually('what came later', () => seen[3]!.length === 1)

  follower.follow(0, 0n)
  await eventually('the record again', () => seen[0]!.length === 2)
  assert.deepEqual(seen, [[0n, 0n], [0n], [], [0n], [], []])
  assert.deepEqual(log.complaints, [])
})

test('every partition keeps its order while others are added', async t => {
  const { client, publisher, seen, onRecords } = await openSix(t)
  const follower = await client.openFollower({ topic, from: new Map([[0, 0n]]), maxWaitMs, onRecords })
  const rounds = 60
  for (let round = 0; round < rounds; round += 1) {
    await publisher.publish(numbers.map(record))
    if (round % 10 === 5 && round < 50) follower.follow((round + 5) / 10, 0n)
  }
  const expected = Array.from({ length: rounds }, (_, offset) => BigInt(offset))
  await eventually('every record', () => seen.every(({ length }) => length >= rounds))
  for (const offsets of seen) assert.deepEqual(offsets, expected)
})
