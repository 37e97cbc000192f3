import assert from 'node:assert/strict'
import { test } from 'node:test'

import { CordonError } from '@cordon/foundation'

import { sayFault } from './say-fault.ts'

test('an error is said once, however many catch it; Cordon’s own without a stack', t => {
  const said = t.mock.method(console, 'error', () => undefined)
  const error = new CordonError('BROKEN', 'broker: expected it to live, got its end')
  sayFault(error)
  sayFault(error)
  const ours = new Error('a fault')
  sayFault(ours)
  assert.deepEqual(
    said.mock.calls.map(({ arguments: [first] }) => first as unknown),
    ['cordon: broker: expected it to live, got its end', ours],
  )
})
