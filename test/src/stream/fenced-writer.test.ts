import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Fenced } from '@cordon/stream'
import type { AssignmentEpoch, StreamClient } from '@cordon/stream'

import { heldAssignment } from '../support/assignment.ts'
import { openTestStream } from '../support/test-stream.ts'

const topics = ['scorer-state', 'session-decisions'] as const
const one = [{ key: 'k', value: Buffer.from('v') }]

const claim = async (client: StreamClient, epoch: AssignmentEpoch) =>
  await client.claimPartition({
    transactionalId: 'scorer-0',
    partition: 0,
    topics,
    epoch,
    claim: topic => Buffer.from(`${topic} claimed in ${epoch.generation}`),
  })

test('an older owner is refused on every claimed topic after the newer’s claim', async t => {
  const { client, log } = await openTestStream(t, { topics })
  const older = await claim(client, heldAssignment(1))
  assert.deepEqual(Object.fromEntries(older.claims), { 'scorer-state': 0n, 'session-decisions': 0n })
  assert.equal(await older.commit(one), 1n)
  assert.equal(await older.emit('session-decisions', one), 1n)

  const newer = await claim(client, heldAssignment(2))
  assert.deepEqual(Object.fromEntries(newer.claims), { 'scorer-state': 2n, 'session-decisions': 2n })
  for (const topic of topics) await assert.rejects(older.emit(topic, one), Fenced)
  assert.equal(await newer.commit(one), 3n)
  assert.equal(await newer.emit('session-decisions', one), 3n)
  const ends = await client.admin.endOffsets('scorer-state')
  assert.equal(ends.get(0), 4n)
  assert.deepEqual(log.complaints, [])
})

test('an older owner is refused on a topic that it never wrote since its claim', async t => {
  const { openClient } = await openTestStream(t, { topics })
  const older = await claim(openClient(), heldAssignment(1))
  await claim(openClient(), heldAssignment(2))
  await assert.rejects(older.emit('session-decisions', one), Fenced)
})

test('a claim is refused where the assignment is not current, and fences nobody', async t => {
  const { client } = await openTestStream(t, { topics })
  const past = heldAssignment(1)
  const older = await claim(client, past)
  const newer = await claim(client, heldAssignment(2))
  past.current = false

  for (let round = 0; round < 3; round += 1) {
    await assert.rejects(older.commit(one), Fenced)
    await assert.rejects(claim(client, past), Fenced)
    assert.equal(await newer.commit(one), 2n + BigInt(round))
  }
})

test('claims are records of their topics', async t => {
  const { client } = await openTestStream(t, { topics })
  await claim(client, heldAssignment(7))
  const seen: [string, string][] = []
  const table = await client.openTable({
    topic: 'session-decisions',
    maxWaitMs: 100,
    onRecord: ({ key, value }) => seen.push([String(key), String(value)]),
  })
  await table.caughtUp
  assert.deepEqual(seen, [['\0claim', 'session-decisions claimed in 7']])
})

test('a commit is whole: one batch, in order, at consecutive offsets', async t => {
  const { client } = await openTestStream(t, { topics })
  const writer = await claim(client, heldAssignment(1))
  const records = Array.from({ length: 500 }, (_, i) => ({
    key: `k${i}`,
    value: i % 3 === 0 ? null : Buffer.from(`${i}`),
  }))
  assert.equal(await writer.commit(records), 1n)
  const seen: { key: string; value: Buffer | null }[] = []
  const table = await client.openTable({
    topic: 'scorer-state',
    maxWaitMs: 100,
    onRecord: ({ key, value }) => seen.push({ key: String(key), value }),
  })
  await table.caughtUp
  assert.deepEqual(seen.slice(1), records)
})

test('writes of one topic keep the order of their calls', async t => {
  const { client } = await openTestStream(t, { topics })
  const writer = await claim(client, heldAssignment(1))
  const offsets = await Promise.all(Array.from({ length: 50 }, async () => await writer.commit(one)))
  assert.deepEqual(
    offsets,
    Array.from({ length: 50 }, (_, i) => BigInt(i + 1)),
  )
})

test('a batch that is too large is refused, and the next one is written', async t => {
  const { client } = await openTestStream(t, { topics })
  const writer = await claim(client, heldAssignment(1))
  await assert.rejects(writer.commit([{ key: 'k', value: Buffer.alloc(2_000_000) }]), {
    code: 'RECORD_TOO_LARGE',
  })
  assert.equal(await writer.commit(one), 1n)
})

test('a batch that the broker finds too large is refused, and the next one is written', async t => {
  const { client } = await openTestStream(t, { topics, overrides: { 'max.message.bytes': '20000' } })
  const writer = await claim(client, heldAssignment(1))
  await assert.rejects(writer.commit([{ key: 'k', value: Buffer.alloc(50_000) }]), {
    code: 'RECORD_TOO_LARGE',
  })
  assert.equal(await writer.commit(one), 1n)
})

test('an old claim is renewed before the next write', async t => {
  const { client, openClient } = await openTestStream(t, { topics })
  const epoch = heldAssignment(1)
  const writer = await claim(openClient({ claimMaxAgeMs: 0 }), epoch)
  // One claim record more before each write.
  assert.equal(await writer.commit(one), 2n)
  assert.equal(await writer.commit(one), 4n)
  assert.equal((await client.admin.endOffsets('session-decisions')).get(0), 3n)
})

test('an owner that slept past its claim does not write when it is not current any more', async t => {
  const { client, openClient } = await openTestStream(t, { topics })
  const epoch = heldAssignment(1)
  const writer = await claim(openClient({ claimMaxAgeMs: 0 }), epoch)
  epoch.current = false
  await assert.rejects(writer.commit(one), Fenced)
  assert.equal((await client.admin.endOffsets('scorer-state')).get(0), 1n)
})
