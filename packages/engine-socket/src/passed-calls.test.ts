import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseInvocationId } from '@cordon/foundation'

import { createPassedCalls } from './passed-calls.ts'

test('of more calls than it holds the oldest goes first', () => {
  const calls = createPassedCalls(2)
  for (const id of ['a', 'b', 'c'])
    calls.add(parseInvocationId(id), { token: id, server: 'files', tool: 'read_file' }, 1)
  const known = ['a', 'b', 'c'].map(id => calls.take(parseInvocationId(id), 2)?.token)
  assert.deepEqual(known, [undefined, 'b', 'c'])
})
