import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'

import fc from 'fast-check'

import { requestWording, wordingOfValue } from './wording.ts'
import {
  decodeWording,
  encodeWording,
  positionsOfFingerprint,
  scatteredRequestWording,
  wordingPermutation,
} from './wording-bytes.ts'

const key = (fill: number) => createSecretKey(Buffer.alloc(32, fill))

test('positions come back from their bytes, of which there are never more than a bit for each', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(8191), { maxLength: 1500 }), positions => {
      const bytes = encodeWording(new Set(positions))
      assert.ok(bytes.length <= 1024)
      assert.deepEqual(decodeWording(bytes), new Set(positions.toSorted((a, b) => a - b)))
      assert.deepEqual(encodeWording(new Set(positions.toReversed())), bytes)
    }),
    { numRuns: 60 },
  )
  assert.deepEqual([...encodeWording(new Set([258, 3]))], [3, 0, 2, 1])
})

test('odd bytes are left out', () => {
  assert.deepEqual([...decodeWording(Buffer.of(1, 0, 255, 255, 7))], [1])
})

test('the key scatters positions, each to a place of its own, and another key to others', () => {
  const places = wordingPermutation(key(1))
  assert.equal(new Set(places).size, 8192)
  assert.deepEqual(wordingPermutation(key(1)), places)
  const others = wordingPermutation(key(2))
  // Two random orders agree at one place on average.
  assert.ok(places.filter((place, at) => place === others[at]).length < 20)
})

test('words of a request are found where the key puts those of a result', () => {
  const places = wordingPermutation(key(1))
  const scattered = decodeWording(scatteredRequestWording(key(1))('Delete file 13'))
  for (const position of wordingOfValue('13')) assert.ok(scattered.has(places[position]!))
  assert.equal(scattered.size, requestWording('Delete file 13').size)
})

test('the 52 bits of a fingerprint are four positions', () => {
  assert.deepEqual(positionsOfFingerprint(((5 * 2 ** 13 + 6) * 2 ** 13 + 7) * 2 ** 13 + 8), [5, 6, 7, 8])
  assert.deepEqual(positionsOfFingerprint(2 ** 52 - 1), [8191, 8191, 8191, 8191])
})
