import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Follower, StreamClient } from '@cordon/stream'

import { heldAssignment } from '../support/assignment.ts'
import { eagerCompaction } from '../support/eager-compaction.ts'
import { eventually } from '../support/eventually.ts'
import { plainKafkaJs } from '../support/plain-kafkajs.ts'
import { openTestStream } from '../support/test-stream.ts'
import type { TestStream } from '../support/test-stream.ts'

const topic = 'session-decisions'
const oneByte = { fetchBytesPartition: 1, fetchBytes: 1 }
const asKafkaJs = { passEmptiedBatches: false }
// A follower that gets on needs some ten of them.
const manyFetches = 100

const openIdempotentProducer = async (client: StreamClient, transactionalId: string) =>
  await client.claimPartition({
    transactionalId,
    partition: 0,
    topics: [topic],
    epoch: heldAssignment(1),
    claim: () => Buffer.from(transactionalId),
  })

const followFromStart = async (client: StreamClient): Promise<{ follower: Follower; offsets: bigint[] }> => {
  const offsets: bigint[] = []
  const onRecords = (_partition: number, records: readonly { offset: bigint }[]) => {
    offsets.push(...records.map(({ offset }) => offset))
  }
  const follower = await client.openFollower({ topic, from: new Map([[0, 0n]]), maxWaitMs: 100, onRecords })
  return { follower, offsets }
}

// The cleaner keeps the last batch of each producer, emptied, to remember the producer by (tulios/kafkajs#1072, #562).
describe('a compacted topic that idempotent producers wrote', () => {
  let stream: TestStream
  let end: bigint

  before(async () => {
    stream = await openTestStream({ after }, { topics: [topic], overrides: eagerCompaction })
    const { client } = stream
    const silent = await openIdempotentProducer(client, 'silent')
    for (let i = 0; i < 3; i += 1) await silent.commit([{ key: 'k', value: Buffer.from('silent') }])
    const lastOfSilent = 3n
    const busy = await openIdempotentProducer(client, 'busy')

    const isCompacted = async (): Promise<boolean> => {
      await busy.commit([{ key: 'k', value: Buffer.from('busy') }])
      await sleep(400)
      const { follower, offsets } = await followFromStart(client)
      await eventually('a record', () => offsets.length > 0)
      await follower.close()
      return offsets[0]! > lastOfSilent
    }
    await eventually('the batches of the silent producer to be emptied', isCompacted, 40_000)
    end = (await client.admin.endOffsets(topic)).get(0)!
  })

  /**
   * @fault a log in which compaction left empty batches (kafkajs 2.2.4 stands still before them for ever)
   * @behaviour it is read to its end; a reader that stands still all the same says so and starts anew
   * @counter none: it is read like any other
   */
  test('is followed to its end, with fetches of one byte', async () => {
    const { follower, offsets } = await followFromStart(stream.openClient(oneByte))
    await eventually('the end', () => follower.position(0) >= end)
    assert.ok(offsets[0]! > 0n)
    await follower.close()
  })

  test('is read as a table to its end, with fetches of one byte', async () => {
    const keys = new Set<string>()
    const table = await stream.openClient(oneByte).openTable({
      topic,
      maxWaitMs: 100,
      onRecord: ({ key }) => keys.add(String(key)),
    })
    await table.caughtUp
    assert.deepEqual([...keys].sort(), ['\0claim', 'k'])
    await table.close()
  })

  test('holds a follower for ever that goes past records only', async () => {
    const { follower, offsets } = await followFromStart(stream.openClient(oneByte, asKafkaJs))
    await sleep(1500)
    assert.equal(follower.position(0), 0n)
    assert.deepEqual(offsets, [])
    await follower.close()
  })

  test('holds kafkajs’s own consumer for ever', async t => {
    const { topicPrefix } = stream.settings
    const consumer = plainKafkaJs().consumer({
      groupId: `${topicPrefix}plain`,
      maxBytesPerPartition: 1,
      maxBytes: 1,
      maxWaitTimeInMs: 10,
    })
    t.after(async () => await consumer.disconnect())
    let fetches = 0
    let records = 0
    consumer.on(consumer.events.FETCH, () => void (fetches += 1))
    await consumer.connect()
    await consumer.subscribe({ topic: `${topicPrefix}${topic}`, fromBeginning: true })
    await consumer.run({ eachMessage: () => Promise.resolve(void (records += 1)) })
    await eventually(`${manyFetches} fetches`, () => fetches >= manyFetches, 20_000)
    assert.equal(records, 0)
  })

  test('makes such a follower report that it stands still', async () => {
    const { follower } = await followFromStart(stream.openClient({ ...oneByte, stallMs: 500 }, asKafkaJs))
    await assert.rejects(follower.failed, { code: 'TRANSIENT_FAULT' })
  })
})
