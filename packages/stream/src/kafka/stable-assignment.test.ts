import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { assignPartitions } from './stable-assignment.ts'
import type { AssignableMember } from './stable-assignment.ts'

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
const member = (memberId: string, owned: readonly number[] = [], generation = 1): AssignableMember => ({
  memberId,
  generation,
  owned,
})

const groups = fc.record({
  partitions: fc.integer({ min: 0, max: 40 }).map(range),
  members: fc.uniqueArray(
    fc.record({
      memberId: fc.string({ minLength: 1, maxLength: 3 }),
      generation: fc.integer({ min: -1, max: 4 }),
      owned: fc.uniqueArray(fc.integer({ min: 0, max: 45 })),
    }),
    { selector: ({ memberId }) => memberId, minLength: 1, maxLength: 10 },
  ),
})

test('every partition has one owner and the shares are even', () => {
  fc.assert(
    fc.property(groups, ({ members, partitions }) => {
      const shares = [...assignPartitions(members, partitions).values()]
      assert.deepEqual(
        shares.flat().sort((a, b) => a - b),
        partitions,
      )
      assert.equal(shares.length, members.length)
      const sizes = shares.map(share => share.length)
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1)
    }),
  )
})

test('the order of the members does not matter', () => {
  fc.assert(
    fc.property(groups, ({ members, partitions }) => {
      const sorted = (shares: ReadonlyMap<string, readonly number[]>) => Object.fromEntries(shares)
      assert.deepEqual(
        sorted(assignPartitions(members, partitions)),
        sorted(assignPartitions(members.toReversed(), partitions)),
      )
    }),
  )
})

test('who joins takes from the fullest and moves nothing else', () => {
  const shares = assignPartitions([member('a', [0, 1, 2]), member('b', [3, 4, 5]), member('c')], range(6))
  assert.deepEqual(Object.fromEntries(shares), { a: [0, 1], b: [3, 4], c: [2, 5] })
})

test('what a leaving member owned goes to the others, who keep theirs', () => {
  const shares = assignPartitions([member('a', [0, 1]), member('b', [3, 4])], range(6))
  assert.deepEqual(Object.fromEntries(shares), { a: [0, 1, 2], b: [3, 4, 5] })
})

test('an owner of an older generation does not get back what moved on', () => {
  const shares = assignPartitions([member('sleeper', [0, 1], 3), member('successor', [0, 1], 4)], range(2))
  assert.deepEqual(shares.get('successor'), [0])
  assert.deepEqual(shares.get('sleeper'), [1])
})
