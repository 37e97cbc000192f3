import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createSignalLimit } from './signal-limit.ts'

test('each fact is told once a minute, and no more of them than the limit', () => {
  const limit = createSignalLimit(2)
  assert.deepEqual(
    ['a', 'a', 'b', 'c'].map(fact => limit.admits(fact, 1_000)),
    [true, false, true, false],
  )
  assert.equal(limit.admits('a', 60_999), false)
  assert.equal(limit.admits('a', 61_000), true)
})
