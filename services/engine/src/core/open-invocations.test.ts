import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseInvocationId } from '@cordon/foundation'

import { sessionId } from '../engine-fixture.ts'
import { createOpenInvocations } from './open-invocations.ts'

test('gives each invocation once, and lets the oldest go beyond its limit', () => {
  const open = createOpenInvocations(2)
  const [a, b, c] = ['a', 'b', 'c'].map(parseInvocationId) as [never, never, never]
  for (const id of [a, b, c]) open.add(id, { sessionId, tool: 'files/read_file' })
  assert.equal(open.size, 2)
  assert.equal(open.take(a), undefined)
  assert.deepEqual(open.take(c), { sessionId, tool: 'files/read_file' })
  assert.equal(open.take(c), undefined)
})
