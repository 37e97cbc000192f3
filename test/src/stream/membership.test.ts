import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { Fenced } from '@cordon/stream'
import type { AssignmentEpoch, Membership, StreamClient } from '@cordon/stream'

import { eventually } from '../support/eventually.ts'
import { openTestStream } from '../support/test-stream.ts'

const topic = 'session-events'
const partitions = 6

/** A member that notes what it was told, with the times. */
const join = async (client: StreamClient, notes: string[] = [], name = '', revokeMs = 0) => {
  const epochs: AssignmentEpoch[] = []
  const membership = await client.joinMembership({
    group: 'owners',
    topic,
    sessionTimeoutMs: 6000,
    onAssigned: (assigned, epoch) => {
      notes.push(`${name} gets ${assigned.join(' ')}`)
      epochs.push(epoch)
    },
    onRevoked: async revoked => {
      await sleep(revokeMs)
      notes.push(`${name} gave ${revoked.join(' ')}`)
    },
  })
  return { membership, epochs }
}

const shares = (...members: Membership[]): number[][] =>
  members.map(({ owned }) => [...owned].sort((a, b) => a - b))

test('partition numbers are handed over when members come and go', async t => {
  const { client, openClient, log } = await openTestStream(t, { topics: [topic], partitions })
  const a = await join(client)
  assert.deepEqual(shares(a.membership), [[0, 1, 2, 3, 4, 5]])
  assert.equal(a.epochs[0]?.isCurrent(), true)

  const joinedAt = performance.now()
  const b = await join(openClient())
  await eventually('even shares', () => a.membership.owned.size === 3 && b.membership.owned.size === 3)
  assert.ok(performance.now() - joinedAt < 2500)
  assert.deepEqual(shares(a.membership, b.membership), [
    [0, 1, 2],
    [3, 4, 5],
  ])
  assert.equal(a.epochs[0]?.isCurrent(), false)
  assert.equal(a.epochs.at(-1)?.isCurrent(), true)
  assert.equal(a.epochs.at(-1)?.generation, b.epochs.at(-1)?.generation)

  const leftAt = performance.now()
  await a.membership.close()
  await eventually('the rest', () => b.membership.owned.size === 6)
  assert.ok(performance.now() - leftAt < 1500)
  assert.equal(a.membership.owned.size, 0)
  assert.equal(a.epochs.at(-1)?.isCurrent(), false)
  await b.membership.close()
  assert.deepEqual(log.complaints, [])
})

test('a partition’s old owner finishes before the new one begins', async t => {
  const { client, openClient } = await openTestStream(t, { topics: [topic], partitions: 2 })
  const notes: string[] = []
  const a = await join(client, notes, 'a', 400)
  const b = await join(openClient(), notes, 'b')
  await eventually('even shares', () => a.membership.owned.size === 1 && b.membership.owned.size === 1)
  const [first, second, ...rest] = notes
  assert.deepEqual([first, second], ['a gets 0 1', 'a gave 0 1'])
  assert.deepEqual(rest.toSorted(), ['a gets 0', 'b gets 1'])
})

test('more members than partitions: the last comer waits with nothing', async t => {
  const { client, openClient } = await openTestStream(t, { topics: [topic], partitions: 1 })
  const a = await join(client)
  const b = await join(openClient())
  await eventually('one owner', () => a.membership.owned.has(0))
  assert.deepEqual(shares(b.membership), [[]])
  await a.membership.close()
  await eventually('the partition', () => b.membership.owned.has(0))
})

test('two owners never fence each other in turn', async t => {
  const topics = ['scorer-state', 'session-decisions'] as const
  const { client, openClient } = await openTestStream(t, { topics: [topic, ...topics], partitions: 2 })
  const claim = async (by: StreamClient, epoch: AssignmentEpoch) =>
    await by.claimPartition({
      transactionalId: 'scorer-1',
      partition: 1,
      topics,
      epoch,
      claim: () => Buffer.from('c'),
    })
  const one = [{ key: 'k', value: Buffer.from('v') }]

  const a = await join(client)
  const older = await claim(client, a.epochs[0]!)
  await older.commit(one)
  const other = openClient()
  const b = await join(other)
  await eventually('partition 1 to move', () => b.membership.owned.has(1))

  const newer = await claim(other, b.epochs.at(-1)!)
  for (let round = 0; round < 3; round += 1) {
    await assert.rejects(older.commit(one), Fenced)
    await assert.rejects(claim(client, a.epochs[0]!), Fenced)
    await newer.commit(one)
  }
})

test('a member whose client closes while it joins leaves again', async t => {
  const { client, openClient } = await openTestStream(t, { topics: [topic], partitions: 2 })
  const a = await join(client, [], 'a', 500)
  const other = openClient()
  const joining = assert.rejects(join(other), { code: 'CLOSED' })
  await eventually('the rebalance', () => a.membership.owned.size === 0)
  await other.close()
  await joining
  await eventually('both partitions again', () => a.membership.owned.size === 2)
})
