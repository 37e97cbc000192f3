import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseInvocationId } from '@cordon/foundation'

import { sessionId } from '../session-fixture.ts'
import { createOpenInvocations } from './open-invocations.ts'

test('gives each invocation once, and lets the oldest go beyond its limit', () => {
  const open = createOpenInvocations(2)
  const [a, b, c] = ['a', 'b', 'c'].map(parseInvocationId) as [never, never, never]
  const invocation = { sessionId, tool: 'files/read_file', openedAfter: 0 }
  for (const id of [a, b, c]) open.add(id, invocation)
  assert.equal(open.size, 2)
  assert.equal(open.take(a), undefined)
  assert.deepEqual(open.take(c), invocation)
  assert.equal(open.take(c), undefined)
})

test('counts how often an invocation goes to its server once more, as long as it is open', () => {
  const open = createOpenInvocations(2)
  const id = parseInvocationId('a')
  open.repeat(id, 5)
  assert.equal(open.size, 0)
  open.add(id, { sessionId, tool: 'files/read_file', openedAfter: 0 })
  open.repeat(id, 5)
  open.repeat(id, 7)
  assert.deepEqual(open.take(id)?.repeated, { times: 2, bytes: 12 })
})
