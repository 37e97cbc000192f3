import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { AssignmentEpoch, Membership, StreamClient } from '../ports.ts'
import { openClients } from './conformance-clients.ts'
import type { OpenConformanceClients } from './conformance-clients.ts'
import { eventually } from './eventually.ts'

const topic = 'session-events'

export const membershipConformance = (open: OpenConformanceClients): void => {
  describe('shares partitions out', () => {
    test('anew whenever a member comes or goes, evenly, each to one', async t => {
      const openClient = await openClients(open, t, [topic], 5)
      const a = await join(openClient())
      assert.deepEqual(shares(a), [[0, 1, 2, 3, 4]])
      const b = await join(openClient())
      await eventually('two shares', () => a.membership.owned.size + b.membership.owned.size === 5)
      assert.deepEqual(sorted(shares(a, b).flat()), [0, 1, 2, 3, 4])
      assert.ok(Math.abs(a.membership.owned.size - b.membership.owned.size) === 1)
      await a.membership.close()
      await eventually('the rest', () => b.membership.owned.size === 5)
      assert.equal(a.membership.owned.size, 0)
      await b.membership.close()
    })

    test('in generations, of which only the last is current', async t => {
      const openClient = await openClients(open, t, [topic], 2)
      const a = await join(openClient())
      const [first] = a.epochs
      assert.equal(first?.isCurrent(), true)
      const b = await join(openClient())
      await eventually('one each', () => a.membership.owned.size === 1 && b.membership.owned.size === 1)
      assert.equal(first.isCurrent(), false)
      const [second, other] = [a.epochs.at(-1)!, b.epochs.at(-1)!]
      assert.ok(second.isCurrent() && other.isCurrent())
      assert.equal(second.generation, other.generation)
      assert.ok(second.generation > first.generation)
      await a.membership.close()
      assert.equal(second.isCurrent(), false)
      await b.membership.close()
    })

    test('after the old owner has finished with them', async t => {
      const openClient = await openClients(open, t, [topic], 2)
      const notes: string[] = []
      const a = await join(openClient(), { name: 'a', notes, revokeMs: 200 })
      const b = await join(openClient(), { name: 'b', notes })
      await eventually('one each', () => a.membership.owned.size === 1 && b.membership.owned.size === 1)
      assert.deepEqual(notes.slice(0, 2), ['a gets 0,1', 'a gave 0,1'])
      assert.deepEqual(notes.slice(2).toSorted(), ['a gets 0', 'b gets 1'])
      await a.membership.close()
      await b.membership.close()
    })

    test('and leaves a member without any when there are too few', async t => {
      const openClient = await openClients(open, t, [topic])
      const a = await join(openClient())
      const b = await join(openClient())
      await eventually('one owner', () => a.membership.owned.has(0))
      assert.deepEqual(shares(b), [[]])
      await a.membership.close()
      await eventually('the partition', () => b.membership.owned.has(0))
      await b.membership.close()
    })
  })
}

interface Joined {
  readonly membership: Membership
  readonly epochs: readonly AssignmentEpoch[]
}

const join = async (
  client: StreamClient,
  { name = '', notes = [], revokeMs = 0 }: { name?: string; notes?: string[]; revokeMs?: number } = {},
): Promise<Joined> => {
  const epochs: AssignmentEpoch[] = []
  const membership = await client.joinMembership({
    group: 'owners',
    topic,
    sessionTimeoutMs: 6000,
    onAssigned: (partitions, epoch) => {
      notes.push(`${name} gets ${partitions.join(',')}`)
      epochs.push(epoch)
    },
    onRevoked: async partitions => {
      await new Promise(resolve => setTimeout(resolve, revokeMs))
      notes.push(`${name} gave ${partitions.join(',')}`)
    },
  })
  return { membership, epochs }
}

const shares = (...members: Joined[]): number[][] => members.map(({ membership }) => sorted(membership.owned))

const sorted = (partitions: Iterable<number>): number[] => [...partitions].sort((a, b) => a - b)
