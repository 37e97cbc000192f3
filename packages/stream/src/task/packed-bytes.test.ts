import assert from 'node:assert/strict'
import { test } from 'node:test'

import { lendBytes, packBytes, unpackBytes } from './packed-bytes.ts'

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

test('lends bytes in a buffer where they fit, and else a copy', () => {
  const scratch = Buffer.alloc(4)
  const lent = lendBytes(packBytes(Buffer.from([1, 0xff])), scratch)
  assert.deepEqual([[...lent], lent.buffer === scratch.buffer], [[1, 0xff], true])
  assert.deepEqual([...lendBytes(packBytes(Buffer.from([2, 3, 4, 5, 6])), scratch)], [2, 3, 4, 5, 6])
  assert.deepEqual([...lendBytes(packBytes(Buffer.alloc(0)), scratch)], [])
})
