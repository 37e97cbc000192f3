import assert from 'node:assert/strict'
import { test } from 'node:test'

import { makeSessionId } from '@cordon/foundation'

import { createSessionSequences } from './session-sequences.ts'

test('counts each session by itself, and forgets one that is over', () => {
  const sequences = createSessionSequences()
  const a = makeSessionId(0, '0197b1a0-0000-7000-8000-000000000001')
  const b = makeSessionId(0, '0197b1a0-0000-7000-8000-000000000002')
  assert.deepEqual([sequences.next(a), sequences.next(a), sequences.next(b)], [0, 1, 0])
  sequences.forget(a)
  assert.deepEqual([sequences.next(a), sequences.next(b)], [0, 1])
})
