import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Pending } from './pending.ts'

test('what waits is given back once, at the second turn after it came', () => {
  const pending = new Pending<string>()
  pending.add('a')
  assert.deepEqual(pending.turn(), [])
  pending.add('b')
  assert.deepEqual(pending.turn(), ['a'])
  assert.deepEqual(pending.turn(), ['b'])
  assert.deepEqual(pending.turn(), [])
})

test('what is settled waits no longer, whichever turn it came in; those that wait are asked in the order in which they came', () => {
  const pending = new Pending<string>()
  for (const item of ['a', 'b']) pending.add(item)
  pending.turn()
  for (const item of ['c', 'd']) pending.add(item)
  const asked: string[] = []
  pending.keep(item => {
    asked.push(item)
    return item === 'b' || item === 'c'
  })
  assert.deepEqual(asked, ['a', 'b', 'c', 'd'])
  assert.deepEqual([pending.turn(), pending.turn()], [['b'], ['c']])
})

test('of more than a hundred in a turn those that came last wait', () => {
  const pending = new Pending<number>()
  for (let item = 0; item < 150; item += 1) pending.add(item)
  pending.turn()
  assert.deepEqual(
    pending.turn(),
    Array.from({ length: 100 }, (_, index) => index + 50),
  )
})
