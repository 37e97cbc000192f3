import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import type { AssignmentEpoch } from '@cordon/stream'

import { heldAssignment } from '../support/assignment.ts'
import { eventually } from '../support/eventually.ts'
import { gatherConnections } from '../support/lost-connections.ts'
import { openTestStream } from '../support/test-stream.ts'

const topic = 'session-events'
const rounds = 8

/**
 * @fault connections to the broker break, again and again
 * @behaviour everything goes on over new ones: nothing lost, order kept, partitions kept
 * @counter none: nothing is refused or lost
 */
test('a follower and a publisher go on over broken connections', async t => {
  const connections = gatherConnections(t)
  const { client } = await openTestStream(t, { topics: [topic], partitions: 2 })
  const offsets: [bigint[], bigint[]] = [[], []]
  const keys = new Set<string>()
  const follower = await client.openFollower({
    topic,
    from: new Map([
      [0, 0n],
      [1, 0n],
    ]),
    maxWaitMs: 500,
    onRecords: (partition, records) => {
      for (const { offset, key } of records) {
        offsets[partition as 0 | 1].push(offset)
        keys.add(String(key))
      }
    },
  })
  const publisher = await client.openPublisher()
  const publications: Promise<unknown>[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < 50; i += 1) {
      const key = `${round}-${i}`
      publications.push(publisher.publish([{ topic, partition: i % 2, key, value: Buffer.alloc(100) }]))
      if (i % 10 === 0) await sleep(1)
    }
    assert.ok(connections.breakAll() > 0)
    await sleep(20)
  }
  await Promise.all(publications)
  await eventually('every record', () => keys.size === rounds * 50)
  // What was acknowledged late may stand twice in the log; the follower reads it once, in its order.
  for (const partition of [0, 1] as const) {
    const upTo = Number(follower.position(partition))
    assert.deepEqual(
      offsets[partition],
      Array.from({ length: upTo }, (_, i) => BigInt(i)),
    )
  }
})

test('a fenced writer writes everything once over broken connections', async t => {
  const connections = gatherConnections(t)
  const { client } = await openTestStream(t, { topics: ['scorer-state'] })
  const writer = await client.claimPartition({
    transactionalId: 'w',
    partition: 0,
    topics: ['scorer-state'],
    epoch: heldAssignment(1),
    claim: () => Buffer.from('claim'),
  })
  const commits = Array.from(
    { length: 300 },
    async (_, i) => await writer.commit([{ key: `${i}`, value: null }]),
  )
  for (let round = 0; round < rounds; round += 1) {
    await sleep(20)
    connections.breakAll()
  }
  assert.deepEqual(
    await Promise.all(commits),
    Array.from({ length: 300 }, (_, i) => BigInt(i + 1)),
  )
})

test('a member keeps its partitions over broken connections', async t => {
  const connections = gatherConnections(t)
  const { client, log } = await openTestStream(t, { topics: [topic] })
  const epochs: AssignmentEpoch[] = []
  const membership = await client.joinMembership({
    group: 'owners',
    topic,
    sessionTimeoutMs: 6000,
    onAssigned: (_partitions, epoch) => void epochs.push(epoch),
    onRevoked: () => {},
  })
  for (let round = 0; round < 4; round += 1) {
    connections.breakAll()
    await sleep(350)
  }
  assert.deepEqual([...membership.owned], [0])
  assert.equal(epochs.length, 1)
  assert.equal(epochs[0]?.isCurrent(), true)
  assert.deepEqual(log.complaints, [])
})

// A connection over which nothing comes back any more, while it stays open: what a network that drops packets looks like.
const impatient = { requestTimeoutMs: 300 }

test('a follower notices a broker that went silent, and connects anew', async t => {
  const connections = gatherConnections(t)
  const { client, openClient } = await openTestStream(t, { topics: [topic] })
  const seen: string[] = []
  const follower = await openClient(impatient).openFollower({
    topic,
    from: new Map([[0, 0n]]),
    maxWaitMs: 100,
    onRecords: (_partition, records) => void seen.push(...records.map(({ key }) => String(key))),
  })
  await eventually('a first fetch', () => follower.staleness(0) < 50)
  connections.deafen()
  await sleep(250)
  assert.ok(follower.staleness(0) > 150)
  const publisher = await client.openPublisher()
  await publisher.publish([{ topic, partition: 0, key: 'after', value: null }])
  await eventually('the record', () => seen.includes('after'), 3000)
})

test('a publication that nobody acknowledges is given up, and later ones go through', async t => {
  const connections = gatherConnections(t)
  const { openClient } = await openTestStream(t, { topics: [topic] })
  const publisher = await openClient({ ...impatient, deliveryTimeoutMs: 200 }).openPublisher()
  const record = { topic, partition: 0, key: 'k', value: null } as const
  await publisher.publish([record])
  connections.deafen()
  await assert.rejects(publisher.publish([record]), { code: 'TRANSIENT_FAULT', retryable: true })
  assert.equal(publisher.pending, 0)
  const [offset] = await publisher.publish([record])
  assert.ok(offset === 1n || offset === 2n)
})
