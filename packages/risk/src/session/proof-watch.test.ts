import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { copySession } from './copy-session.ts'
import { decodeSession } from './decode-session.ts'
import { encodeSession } from './encode-session.ts'
import { limits } from './limits.ts'
import { ProofWatch } from './proof-watch.ts'
import { Session } from './session.ts'

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
  // The last three gaps are one, and which of its numbers came is not known.
  assert.deepEqual(reusedIn(noticed(...evens), last - 1, last - 2, last - 3, last - 4, last - 1, 0, last), [
    last,
  ])
})

test('a gap that cannot be split keeps count, and not which of its numbers came', () => {
  const tens = Array.from({ length: limits.gaps + 1 }, (_, gap) => 10 * gap)
  const last = tens.at(-1)!
  const watch = noticed(...tens)
  assert.deepEqual(reusedIn(watch, 5, 5, last - 5, last), [last])
  assert.deepEqual(watch.takeUnreported(start + 60 * second), { calls: limits.gaps * 9 - 3, first: 1 })
  assert.deepEqual(reusedIn(noticed(...tens), 1, 1, 19, 19), [1, 19], 'those at its ends are told apart')
})

test('a number that another record should have told, and that is waited for, has come', () => {
  const watch = noticed(0, 3)
  assert.equal(watch.notice(1, start, true), false)
  assert.deepEqual(watch.takeUnreported(start + 60 * second), { calls: 1, first: 2 })
})

test('of calls side by side the one that is hidden is missing, in whatever order the others come and are told again', () => {
  const order = fc.shuffledSubarray(
    Array.from({ length: 30 }, (_, number) => number),
    { minLength: 1 },
  )
  const lagOfEach = fc.array(fc.nat(12), { minLength: 30, maxLength: 30 })
  fc.assert(
    fc.property(order, lagOfEach, (numbers, lags) => {
      const watch = noticed()
      for (const [place, number] of numbers.entries()) {
        watch.notice(number, start + place * second)
        const again = numbers[place - lags[place]!]
        if (again !== undefined) watch.notice(again, start + place * second, true)
      }
      const missing = Math.max(...numbers) + 1 - numbers.length
      assert.equal(watch.takeUnreported(start + 120 * second)?.calls ?? 0, missing)
    }),
  )
})

test('a scorer that takes over counts on in merged gaps; an older one gets those whose numbers are known', () => {
  const session = new Session()
  const evens = Array.from({ length: limits.gaps + 3 }, (_, gap) => 2 * gap)
  for (const even of evens) session.proofs.notice(even, start)
  const callsOf = ({ proofs }: Session) => proofs.takeUnreported(start + 30 * second)?.calls
  assert.equal(callsOf(copySession(session)), limits.gaps + 2)
  assert.equal(callsOf(decodeSession(encodeSession(session, 9))), limits.gaps - 1)
})

test('what is hidden behind ever new gaps is told within a minute', () => {
  const watch = new ProofWatch()
  let told = 0
  for (let at = 0; at <= 60; at += 1) {
    for (let call = 0; call < 10; call += 1) watch.notice(20 * at + 2 * call + 1, start + at * second)
    told += watch.takeUnreported(start + at * second)?.calls ?? 0
  }
  // Those of the first half minute, at least.
  assert.ok(told >= 300, `${told}`)
})

test('numbers that no session reaches say nothing', () => {
  const watch = noticed(Number.MAX_SAFE_INTEGER)
  assert.equal(watch.takeUnreported(start + 60 * second), undefined)
  assert.deepEqual(reusedIn(watch, Number.MAX_SAFE_INTEGER), [])
})

test('whatever comes, it holds no more than its bound, counts nothing as missing that came, and calls none used twice that was not', () => {
  const sequences = fc.array(fc.nat({ max: 200 }), { maxLength: 200 })
  fc.assert(
    fc.property(sequences, numbers => {
      const watch = noticed()
      const before = new Set<number>()
      for (const number of numbers) {
        assert.ok(!watch.notice(number, start) || before.has(number))
        watch.notice(number, start, true)
        before.add(number)
      }
      assert.ok(watch.gaps.length <= limits.gaps)
      for (const { from, to, missing } of watch.gaps) {
        const came = [...before].filter(number => number >= from && number < to).length
        assert.ok(missing > 0 && missing <= to - from - came)
      }
    }),
  )
})
