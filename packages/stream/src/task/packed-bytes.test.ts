import assert from 'node:assert/strict'
import { test } from 'node:test'

import { packBytes, unpackBytes } from './packed-bytes.ts'

test('every byte comes back', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  assert.deepEqual(unpackBytes(packBytes(bytes)), bytes)
  assert.equal(packBytes(bytes).length, 256)
  assert.equal(unpackBytes(packBytes(Buffer.alloc(0))).length, 0)
})

test('what is kept does not change with the buffer that it came in', () => {
  const response = Buffer.from('0123456789')
  const kept = packBytes(response.subarray(2, 4))
  response.fill('x')
  assert.equal(unpackBytes(kept).toString(), '23')
})
