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

test('what follows the refusal of a flood is forgiven, and nothing later', () => {
  const watch = noticed(0, 1)
  watch.flooded(start + 2 * second)
  watch.notice(2, start + 2 * second)
  watch.notice(40, start + 3 * second)
  assert.equal(watch.takeUnreported(start + 60 * second), undefined)
  watch.notice(42, start + 6 * second)
  assert.deepEqual(watch.takeUnreported(start + 60 * second), { calls: 1, first: 41 })
})

test('where nobody has counted so far, the first number is only where the count begins', () => {
  const watch = new ProofWatch()
  watch.next = undefined
  watch.notice(17, start)
  assert.equal(watch.takeUnreported(start + 60 * second), undefined)
  watch.notice(19, start)
  assert.deepEqual(watch.takeUnreported(start + 60 * second), { calls: 1, first: 18 })
})

test('numbers that no session reaches say nothing', () => {
  assert.equal(noticed(Number.MAX_SAFE_INTEGER).takeUnreported(start + 60 * second), undefined)
})

test('whatever comes, it holds no more than its bound, and misses nothing that came in order', () => {
  const sequences = fc.array(fc.nat({ max: 200 }), { maxLength: 200 })
  fc.assert(
    fc.property(sequences, numbers => {
      const watch = noticed(...numbers)
      assert.ok(watch.gaps.length <= limits.gaps)
      for (const { from, to } of watch.gaps)
        assert.ok(from < to && !numbers.some(number => number >= from && number < to))
    }),
  )
})
