import assert from 'node:assert/strict'
import { test } from 'node:test'

import { BoundedCounts } from './bounded-counts.ts'
import { BoundedSet } from './bounded-set.ts'

test('the smallest count gives way, of equal ones the least recently used', () => {
  const counts = new BoundedCounts<string>(3)
  for (const key of ['a', 'a', 'b', 'c', 'b', 'd', 'e']) counts.add(key)
  assert.deepEqual(
    [...counts.entries()],
    [
      ['a', 2],
      ['b', 2],
      ['e', 1],
    ],
  )
})

test('what comes back starts anew, so nothing is counted too high', () => {
  const counts = new BoundedCounts<string>(1)
  for (const key of ['a', 'a', 'b', 'a']) counts.add(key)
  assert.deepEqual([...counts.entries()], [['a', 1]])
})

test('a set keeps the most recently used', () => {
  const set = new BoundedSet<number>(2)
  assert.deepEqual(
    [1, 2, 1, 3].map(item => set.use(item)),
    [true, true, false, true],
  )
  assert.deepEqual([...set.values()], [1, 3])
})
