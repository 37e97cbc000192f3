import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createCallSequence } from './call-sequence.ts'

test('counts from 0 without a gap, and gives what was given back first, lowest first', () => {
  const sequence = createCallSequence()
  assert.deepEqual([sequence.next(), sequence.next(), sequence.next()], [0, 1, 2])
  sequence.giveBack(2)
  sequence.giveBack(0)
  assert.deepEqual([sequence.next(), sequence.next(), sequence.next()], [0, 2, 3])
})
