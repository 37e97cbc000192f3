import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createBacklog } from './backlog.ts'

test('keeps the newest messages within both bounds, and says how many it dropped', () => {
  const backlog = createBacklog(3, 10)
  assert.deepEqual(
    ['a', 'b', 'c'].map(text => backlog.add(text)),
    [0, 0, 0],
  )
  assert.equal(backlog.add('d'), 1)
  assert.equal(backlog.add('12345678'), 1)
  assert.deepEqual(backlog.take(), ['c', 'd', '12345678'])
  assert.deepEqual(backlog.take(), [])
  assert.equal(backlog.add('12345678901'), 1)
})
