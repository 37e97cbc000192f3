import assert from 'node:assert/strict'
import { test } from 'node:test'

import { WordFilter, wordingBits, wordingBytes } from './word-filter.ts'

const positionsOf = (filter: WordFilter): number[] => {
  const places = new Uint16Array(wordingBits)
  filter.positions(places)
  return [...places.subarray(0, filter.size)]
}

const sparse = (...positions: readonly number[]): Uint8Array =>
  new Uint8Array(Uint16Array.from(positions).buffer)

test('positions come back in ascending order, each once, whichever way they came', () => {
  const filter = new WordFilter()
  assert.deepEqual(positionsOf(filter), [])
  filter.add(sparse(8191, 31, 32, 0, 31))
  const dense = new Uint8Array(wordingBytes)
  dense[0] = 0b1000_0001
  dense[1023] = 0b1000_0000
  filter.add(dense)
  assert.deepEqual(positionsOf(filter), [0, 7, 31, 32, 8191])
  assert.equal(filter.holds([0, 7, 8191]), true)
  assert.equal(filter.holds([1]), false)
})

test('positions beyond the filter fall back into it; an odd byte at the end is left out', () => {
  const filter = new WordFilter()
  filter.add(Uint8Array.of(...sparse(wordingBits + 5), 1))
  assert.deepEqual(positionsOf(filter), [5])
})

test('an entity is four positions, and is known by all of them', () => {
  const filter = new WordFilter()
  filter.addEntity(2 ** 52 - 1)
  filter.addEntity(2 ** 26 + 3)
  assert.equal(filter.size, positionsOf(filter).length)
  assert.equal(filter.holdsEntity(2 ** 26 + 3), true)
  assert.equal(filter.holdsEntity(2 ** 26 + 5), false)
})
