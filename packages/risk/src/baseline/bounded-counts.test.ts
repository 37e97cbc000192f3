import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { BoundedCounts } from './bounded-counts.ts'

test('the smallest count gives way, of equal ones the least recently used', () => {
  const counts = new BoundedCounts<string>(3)
  for (const key of ['a', 'a', 'b', 'c', 'b', 'd', 'e']) counts.add(key)
  assert.deepEqual(
    [...counts.entries()],
    [
      ['a', 2],
      ['b', 2],
      ['e', 1],
    ],
  )
})

test('what comes back starts anew, so nothing is counted too high', () => {
  const counts = new BoundedCounts<string>(1)
  for (const key of ['a', 'a', 'b', 'a']) counts.add(key)
  assert.deepEqual([...counts.entries()], [['a', 1]])
})

test('what was added can be taken away again, and no more than that', () => {
  const counts = new BoundedCounts<string>(3, [
    ['a', 2],
    ['b', 1],
  ])
  assert.deepEqual(
    ['a', 'a', 'b', 'c'].map(key => counts.remove(key)),
    [false, true, true, false],
  )
  assert.deepEqual([...counts.entries()], [])
})

test('counts like a list that is searched from its front, whatever is added and taken away', () => {
  const key = fc.nat(12)
  const step = fc.record({ key, count: fc.integer({ min: 1, max: 4 }), isRemoval: fc.boolean() })
  fc.assert(
    fc.property(fc.nat(6), fc.array(step, { maxLength: 80 }), (capacity, steps) => {
      const counts = new BoundedCounts<number>(capacity)
      let list: [number, number][] = []
      for (const { key, count, isRemoval } of steps) {
        const held = list.find(([other]) => other === key)
        if (isRemoval) {
          counts.remove(key, count)
          if (held !== undefined) held[1] -= count
          list = list.filter(([, left]) => left > 0)
          continue
        }
        counts.add(key, count)
        const others = list.filter(entry => entry !== held)
        const least = Math.min(...others.map(([, its]) => its))
        if (held === undefined && others.length >= capacity)
          others.splice(
            others.findIndex(([, its]) => its === least),
            1,
          )
        list = capacity === 0 ? [] : [...others, [key, (held?.[1] ?? 0) + count]]
      }
      assert.deepEqual([...counts.entries()], list)
    }),
  )
})
