import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { ByteTable } from './byte-table.ts'

/** Around one unit, around what shares a chunk, and beyond it. */
const aLength = fc.oneof(fc.nat(200), fc.integer({ min: 16_000, max: 16_800 }), fc.constant(300_000))
const aStep = fc.record({
  key: fc.constantFrom('a', 'b', 'c', 'd'),
  length: fc.option(aLength, { nil: undefined }),
  fill: fc.nat(255),
})

test('holds what a map of copies would hold', () => {
  fc.assert(
    fc.property(fc.array(aStep, { maxLength: 60 }), steps => {
      const table = new ByteTable()
      const map = new Map<string, Buffer>()
      for (const { key, length, fill } of steps) {
        if (length === undefined) {
          table.delete(key)
          map.delete(key)
          continue
        }
        const value = Buffer.alloc(length, fill)
        table.set(key, value)
        map.set(key, Buffer.from(value))
        value.fill(fill + 1)
      }
      assert.deepEqual([...table.keys()].sort(), [...map.keys()].sort())
      assert.equal(table.size, map.size)
      for (const key of ['a', 'b', 'c', 'd']) {
        assert.deepEqual(table.lend(key), map.get(key))
        assert.equal(table.has(key), map.has(key))
      }
    }),
  )
})

test('a value that takes the room of the one before is written in its place, and room that is free is used again', () => {
  const table = new ByteTable()
  table.set('a', Buffer.alloc(100, 1))
  const lent = table.lend('a')!
  table.set('a', Buffer.alloc(90, 2))
  assert.deepEqual(table.lend('a'), Buffer.alloc(90, 2))
  assert.equal(lent[0], 2)
  table.delete('a')
  table.set('b', Buffer.alloc(95, 3))
  assert.equal(lent[0], 3)
})

test('more than fits a chunk stands in several', () => {
  const table = new ByteTable()
  const value = (entry: number): Buffer => Buffer.alloc(3000 + entry, entry)
  for (let entry = 0; entry < 1000; entry += 1) table.set(String(entry), value(entry))
  for (let entry = 0; entry < 1000; entry += 1) assert.deepEqual(table.lend(String(entry)), value(entry))
})
