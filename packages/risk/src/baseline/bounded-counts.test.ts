import assert from 'node:assert/strict'
import { test } from 'node:test'

import { BoundedCounts } from './bounded-counts.ts'

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

test('what was added can be taken away again, and no more than that', () => {
  const counts = new BoundedCounts<string>(3, [
    ['a', 2],
    ['b', 1],
  ])
  assert.deepEqual(
    ['a', 'a', 'b', 'c'].map(key => counts.remove(key)),
    [false, true, true, false],
  )
  assert.deepEqual([...counts.entries()], [])
})
