import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createStreamPace } from './stream-pace.ts'

const atOnce = { retryMs: 0, isEmpty: true, lastedMs: 10 }

test('waits twice as long after each stream that ends at once, 30 s at most, and gives up after the tenth', () => {
  const pace = createStreamPace()
  const ends = Array.from({ length: 11 }, () => pace.after(atOnce))
  assert.deepEqual(
    ends.map(({ waitMs }) => waitMs),
    [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000],
  )
  assert.deepEqual(
    ends.map(({ isHopeless }) => isHopeless),
    [...Array.from({ length: 9 }, () => false), true, true],
  )
})

for (const [what, end] of [
  ['a message came', { ...atOnce, isEmpty: false }],
  ['a stream lasted', { ...atOnce, lastedMs: 5_000 }],
] as const)
  test(`begins anew where ${what}`, () => {
    const pace = createStreamPace()
    for (let ended = 0; ended < 9; ended += 1) pace.after(atOnce)
    assert.deepEqual(pace.after(end), { waitMs: 100, isHopeless: false })
    assert.deepEqual(pace.after(atOnce), { waitMs: 100, isHopeless: false })
  })

test('a server may want longer, and no less than 100 ms; one that says nothing is given a second', () => {
  const pace = createStreamPace()
  const lasting = { isEmpty: false, lastedMs: 60_000 }
  assert.equal(pace.after({ ...lasting, retryMs: 45_000 }).waitMs, 45_000)
  assert.equal(pace.after({ ...lasting, retryMs: 1 }).waitMs, 100)
  assert.equal(pace.after({ ...lasting, retryMs: undefined }).waitMs, 1_000)
})
