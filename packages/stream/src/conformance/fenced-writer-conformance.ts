import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { AssignmentEpoch, FencedWriter, StreamClient } from '../ports.ts'
import { Fenced } from '../stream-error.ts'
import { heldEpoch, openClients } from './conformance-clients.ts'
import type { OpenConformanceClients } from './conformance-clients.ts'

const topics = ['scorer-state', 'session-decisions'] as const
const one = [{ key: 'k', value: Buffer.from('v') }]

export const fencedWriterConformance = (open: OpenConformanceClients): void => {
  describe('writes as the only one', () => {
    test('from its claim records on, which say who claims', async t => {
      const client = (await openClients(open, t, topics))()
      const writer = await claim(client, heldEpoch(1))
      assert.deepEqual(Object.fromEntries(writer.claims), { 'scorer-state': 0n, 'session-decisions': 0n })
      assert.equal(await writer.commit(one), 1n)
      assert.equal(await writer.emit('session-decisions', one), 1n)
      assert.deepEqual(await read(client), ['\0claim scorer-state 1', 'k v'])
    })

    test('a commit as a whole, in order, at consecutive offsets', async t => {
      const client = (await openClients(open, t, topics))()
      const writer = await claim(client, heldEpoch(1))
      const keys = Array.from({ length: 200 }, (_, index) => `${index}`)
      const records = keys.map(key => ({ key, value: key === '7' ? null : Buffer.from('v') }))
      const offsets = await Promise.all([writer.commit(records), writer.commit(one)])
      assert.deepEqual(offsets, [1n, 201n])
      const expected = keys.map(key => (key === '7' ? '7 null' : `${key} v`))
      assert.deepEqual((await read(client)).slice(1), [...expected, 'k v'])
    })

    test('and refuses every earlier owner, on every claimed topic, for good', async t => {
      const openClient = await openClients(open, t, topics)
      const older = await claim(openClient(), heldEpoch(1))
      await older.commit(one)
      const newer = await claim(openClient(), heldEpoch(2))
      for (const topic of topics) await assert.rejects(older.emit(topic, one), Fenced)
      await assert.rejects(older.commit(one), Fenced)
      assert.equal(await newer.commit(one), 3n)
      assert.equal(await newer.emit('session-decisions', one), 2n)
    })

    test('only under an assignment that is current: two owners never fence each other in turn', async t => {
      const openClient = await openClients(open, t, topics)
      const past = heldEpoch(1)
      const older = await claim(openClient(), past)
      const newer = await claim(openClient(), heldEpoch(2))
      past.current = false
      for (let round = 0; round < 3; round += 1) {
        await assert.rejects(older.commit(one), Fenced)
        await assert.rejects(claim(openClient(), past), Fenced)
        assert.equal(await newer.commit(one), 2n + BigInt(round))
      }
    })

    test('no batch that is too large, and goes on', async t => {
      const writer = await claim((await openClients(open, t, topics))(), heldEpoch(1))
      const large = [{ key: 'k', value: Buffer.alloc(2_000_000) }]
      await assert.rejects(writer.commit(large), { code: 'RECORD_TOO_LARGE' })
      assert.equal(await writer.commit(one), 1n)
    })
  })
}

const claim = async (client: StreamClient, epoch: AssignmentEpoch): Promise<FencedWriter> =>
  await client.claimPartition({
    transactionalId: 'owner-0',
    partition: 0,
    topics,
    epoch,
    claim: topic => Buffer.from(`${topic} ${epoch.generation}`),
  })

const read = async (client: StreamClient): Promise<string[]> => {
  const seen: string[] = []
  const table = await client.openTable({
    topic: 'scorer-state',
    maxWaitMs: 100,
    onRecord: ({ key, value }) => seen.push(`${String(key)} ${String(value)}`),
  })
  await table.caughtUp
  await table.close()
  return seen
}
