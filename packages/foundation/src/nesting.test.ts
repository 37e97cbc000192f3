import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { isNestedDeeperThan, jsonExcess } from './nesting.ts'

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

test('the depth is that of what JSON.parse makes of the text', () => {
  fc.assert(
    fc.property(fc.json({ depthSize: 'large' }), fc.nat(6), (text, limit) => {
      const padded = `${text}${' '.repeat(2 * limit)}`
      assert.equal(isNestedDeeperThan(padded, limit), depthOf(JSON.parse(text)) > limit)
    }),
  )
})

test('brackets in strings are no levels, whatever is escaped in them', () => {
  const text = JSON.stringify({ a: '[[[[', b: ['\\', '"[[[[', '\\"{{{{'], '{{{{': '\\\\' })
  assert.equal(isNestedDeeperThan(text, 2), false)
  assert.equal(isNestedDeeperThan(text, 1), true)
})

test('millions of levels, and strings without an end, cost nothing', () => {
  assert.equal(isNestedDeeperThan('['.repeat(4_000_000), 500), true)
  assert.equal(isNestedDeeperThan(`"${'\\'.repeat(4_000_000)}"`, 500), false)
  assert.equal(isNestedDeeperThan(`"${'[\\"'.repeat(1_000_000)}`, 500), false)
})

test('items are counted outside of strings: commas, and what opens a list or an object', () => {
  const bounds = (items: number): { levels: number; items: number } => ({ levels: 9, items })
  const text = JSON.stringify({ a: [1, 2, 3], b: 'x,,,,,,,,,,,,,,,,', c: {} })
  assert.equal(jsonExcess(text, bounds(7)), undefined)
  assert.equal(jsonExcess(text, bounds(6)), 'items')
  assert.equal(jsonExcess(`[${'{},'.repeat(20_000)}{}]`, { levels: 500, items: 20_000 }), 'items')
  assert.equal(jsonExcess('['.repeat(4_000_000), { levels: 500, items: 20_000 }), 'levels')
})
