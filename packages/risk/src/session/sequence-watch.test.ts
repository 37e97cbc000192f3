import assert from 'node:assert/strict'
import { test } from 'node:test'

import { limits } from './limits.ts'
import { SequenceWatch } from './sequence-watch.ts'

const start = Date.UTC(2026, 0, 1)
const second = 1000

/** Ten attempts of one engine, one a second. */
const watched = (): SequenceWatch => {
  const watch = new SequenceWatch()
  for (let sequence = 0; sequence < 10; sequence += 1)
    assert.equal(watch.notice('a', sequence, start + sequence * second), false)
  return watch
}

test('knows the whole of a run that comes again, and what follows it as new', () => {
  const watch = watched()
  for (let sequence = 3; sequence < 10; sequence += 1)
    assert.ok(watch.notice('a', sequence, start + sequence * second))
  assert.equal(watch.notice('a', 10, start + 20 * second), false)
  assert.equal(watch.gaps, 0)
})

test('an engine that counts from 0 again, later, was started again: nothing of it came before', () => {
  const watch = watched()
  for (const sequence of [0, 1, 2]) assert.equal(watch.notice('a', sequence, start + 11 * second), false)
  assert.ok(watch.notice('a', 1, start + 11 * second))
  assert.equal(watch.notice('a', 4, start + 12 * second), false)
  assert.equal(watch.gaps, 1)
})

test('of an engine that is not followed nothing is known to have come before', () => {
  const watch = watched()
  for (let other = 0; other < limits.engines; other += 1) watch.notice(`other-${other}`, 0, start)
  assert.equal(watch.notice('a', 3, start), false)
})

test('a clock or a number beyond what is held breaks nothing', () => {
  const watch = new SequenceWatch()
  for (const at of [Number.MAX_SAFE_INTEGER, -1]) watch.notice('a', Number.MAX_SAFE_INTEGER, at)
  assert.deepEqual([watch.expectedAt(0), watch.latestAt(0)], [2 ** 32 - 1, 2 ** 32 - 1])
})
