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
    assert.equal(watch.notice('a', sequence, start + sequence * second, start + sequence * second), 'first')
  return watch
}

/** What it says of an attempt that comes when it is made. */
const noticed = (watch: SequenceWatch, engine: string, sequence: number, at: number) =>
  watch.notice(engine, sequence, at, at)

test('knows the whole of a run that comes again, and what follows it as new', () => {
  const watch = watched()
  for (let sequence = 3; sequence < 10; sequence += 1)
    assert.equal(watch.notice('a', sequence, start + sequence * second, start + 15 * second), 'again')
  assert.equal(noticed(watch, 'a', 10, start + 20 * second), 'first')
  assert.equal(watch.gaps, 0)
})

test('an engine that counts from 0 again, later, was started again: nothing of it came before', () => {
  const watch = watched()
  for (const sequence of [0, 1, 2]) assert.equal(noticed(watch, 'a', sequence, start + 11 * second), 'first')
  assert.equal(noticed(watch, 'a', 1, start + 11 * second), 'again')
  assert.equal(noticed(watch, 'a', 4, start + 12 * second), 'first')
  assert.equal(watch.gaps, 1)
})

test('an engine that was started again with its clock set right, which was ahead, is known by its 0', () => {
  const hour = 3600 * second
  const watch = new SequenceWatch()
  const run = (): unknown[] =>
    [0, 1, 2].map(sequence => watch.notice('a', sequence, start + hour, start + 20 * second))
  assert.deepEqual(run(), ['first', 'first', 'first'])
  assert.deepEqual(run(), ['again', 'again', 'again'], 'a run that comes again is ahead, too')
  const later = (): unknown[] => [0, 1].map(sequence => noticed(watch, 'a', sequence, start + 60 * second))
  assert.deepEqual(later(), ['first', 'first'])
  assert.deepEqual(later(), ['again', 'again'])
})

/** The ninth engine takes the place of `a`. */
const forgotten = (): SequenceWatch => {
  const watch = watched()
  for (let other = 0; other < limits.engines; other += 1)
    assert.equal(noticed(watch, `other-${other}`, 0, start + 20 * second), 'first')
  return watch
}

test('of an engine that was dropped it is not known which attempts came before: of the whole of a run that comes again', () => {
  const watch = forgotten()
  for (let sequence = 0; sequence < 10; sequence += 1)
    assert.equal(watch.notice('a', sequence, start + sequence * second, start + 12 * second), 'unknown')
  assert.equal(watch.gaps, 0)
})

test('of an engine that was dropped after it was started again nothing is known of either of its counts', () => {
  const watch = watched()
  for (const sequence of [0, 1]) assert.equal(noticed(watch, 'a', sequence, start + 15 * second), 'first')
  for (let other = 0; other < limits.engines; other += 1)
    noticed(watch, `other-${other}`, 0, start + 20 * second)
  const before = [8, 9].map(sequence =>
    watch.notice('a', sequence, start + sequence * second, start + 21 * second),
  )
  const after = [0, 1].map(sequence => watch.notice('a', sequence, start + 15 * second, start + 21 * second))
  assert.deepEqual([...before, ...after], ['unknown', 'unknown', 'unknown', 'unknown'])
})

test('what is later than the last attempt of every engine that was dropped is new, whichever engine it is of', () => {
  const watch = forgotten()
  assert.equal(noticed(watch, 'new', 0, start + 9 * second), 'unknown')
  assert.equal(noticed(watch, 'newer', 0, start + 21 * second), 'first')
  for (const sequence of [10, 11]) assert.equal(noticed(watch, 'a', sequence, start + 22 * second), 'first')
})

test('more engines in turn than are followed: each attempt is new', () => {
  const watch = new SequenceWatch()
  const engines = limits.engines + 1
  for (let turn = 0; turn < 10 * engines; turn += 1)
    assert.equal(
      noticed(watch, `${turn % engines}`, Math.floor(turn / engines), start + turn * second),
      'first',
      `turn ${turn}`,
    )
  assert.equal(watch.gaps, 0)
})

test('a clock or a number beyond what is held breaks nothing', () => {
  const watch = new SequenceWatch()
  for (const at of [Number.MAX_SAFE_INTEGER, -1]) watch.notice('a', Number.MAX_SAFE_INTEGER, at, at)
  assert.deepEqual([watch.expectedAt(0), watch.latestAt(0)], [2 ** 32 - 1, 2 ** 32 - 1])
})
