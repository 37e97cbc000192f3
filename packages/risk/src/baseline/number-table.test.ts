import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { NumberTable } from './number-table.ts'

test('is the map that it was made from', () => {
  const key = fc.oneof(fc.maxSafeNat(), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.nat(20))
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.nat(), fc.nat())), key, (rows, absent) => {
      const expected = new Map(rows.map(([key, first, second]) => [key, [first, second]]))
      const table = new NumberTable([...expected], 2)
      for (const [key, row] of expected)
        assert.deepEqual([table.has(key), table.get(key, 0), table.get(key, 1)], [true, ...row])
      if (!expected.has(absent)) assert.deepEqual([table.has(absent), table.get(absent)], [false, 0])
    }),
  )
})
