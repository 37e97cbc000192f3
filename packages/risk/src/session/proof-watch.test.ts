import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { limits } from './limits.ts'
import { ProofWatch } from './proof-watch.ts'

const second = 1000
const start = Date.UTC(2026, 0, 1)

/** One number a second. */
const noticed = (...sequences: readonly number[]): ProofWatch => {
  const watch = new ProofWatch()
  for (const [position, sequence] of sequences.entries()) watch.notice(sequence, start + position * second)
  return watch
}

test('a number that is missing for 30 s is unreported, and told once', () => {
  const watch = noticed(0, 1, 4)
  assert.equal(watch.takeUnreported(start + 31.999 * second), undefined)
  assert.deepEqual(watch.takeUnreported(start + 32 * second), { calls: 2, first: 2 })
  assert.equal(watch.takeUnreported(start + 60 * second), undefined)
})

test('a session that begins with another number than 0 misses those before it', () => {
  assert.deepEqual(noticed(3).takeUnreported(start + 30 * second), { calls: 3, first: 0 })
})

test('a call that was overtaken is not missing any more', () => {
  assert.equal(noticed(0, 3, 1, 2).takeUnreported(start + 60 * second), undefined)
  assert.deepEqual(noticed(0, 5, 3).takeUnreported(start + 60 * second), { calls: 3, first: 1 })
})

test('where nobody has counted so far, the first number is only where the count begins', () => {
  const watch = new ProofWatch()
  watch.next = undefined
  watch.notice(17, start)
  assert.equal(watch.takeUnreported(start + 60 * second), undefined)
  watch.notice(19, start)
  assert.deepEqual(watch.takeUnreported(start + 60 * second), { calls: 1, first: 18 })
})

/** Which of these numbers the watch knows to have come before. */
const reusedIn = (watch: ProofWatch, ...sequences: readonly number[]): readonly number[] =>
  sequences.filter(sequence => watch.notice(sequence, start + 60 * second))

test('a number that comes again was used twice, also one that was overtaken', () => {
  assert.deepEqual(reusedIn(noticed(0, 1, 4, 2), 0, 2, 4, 3, 3, 5, 5), [0, 2, 4, 3, 5])
})

test('where a number may not have come yet, that it comes says nothing', () => {
  const given = noticed(0, 1, 4)
  given.takeUnreported(start + 60 * second)
  assert.deepEqual(reusedIn(given, 2, 3, 0, 4), [4])

  const unknown = new ProofWatch()
  unknown.next = undefined
  assert.deepEqual(reusedIn(unknown, 17, 3, 16, 17), [17])

  const evens = Array.from({ length: limits.gaps + 3 }, (_, gap) => 2 * gap)
  const last = evens.at(-1)!
  // The last two gaps found no room.
  assert.deepEqual(reusedIn(noticed(...evens), last - 1, last - 3, last - 2, last), [last])
})

test('a gap that found no room when it was split is not known any more', () => {
  const tens = Array.from({ length: limits.gaps + 1 }, (_, gap) => 10 * gap)
  const last = tens.at(-1)!
  assert.deepEqual(reusedIn(noticed(...tens), 5, 7, 5, last - 5, last), [last])
})

test('numbers that no session reaches say nothing', () => {
  const watch = noticed(Number.MAX_SAFE_INTEGER)
  assert.equal(watch.takeUnreported(start + 60 * second), undefined)
  assert.deepEqual(reusedIn(watch, Number.MAX_SAFE_INTEGER), [])
})

test('whatever comes, it holds no more than its bound, misses nothing that came, and calls none used twice that was not', () => {
  const sequences = fc.array(fc.nat({ max: 200 }), { maxLength: 200 })
  fc.assert(
    fc.property(sequences, numbers => {
      const watch = noticed()
      const before = new Set<number>()
      for (const number of numbers) {
        assert.ok(!watch.notice(number, start) || before.has(number))
        before.add(number)
      }
      assert.ok(watch.gaps.length <= limits.gaps)
      for (const { from, to } of watch.gaps)
        assert.ok(from < to && !numbers.some(number => number >= from && number < to))
    }),
  )
})
