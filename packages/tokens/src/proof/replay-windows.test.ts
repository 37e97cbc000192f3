import assert from 'node:assert/strict'
import { test } from 'node:test'

import { makeSessionId } from '@cordon/foundation'
import * as fc from 'fast-check'

import type { NumberedProof } from './numbered-proof.ts'
import { createReplayWindows, type ReplayWindows, replayWindowSize } from './replay-windows.ts'

const session = makeSessionId(3, '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b')
const other = makeSessionId(3, '0192f3a0-5b7e-7c1d-8a2b-000000000000')

let proofs = 0
/** Another proof each time. */
const signed = (sequence: number, issuedAt = 0, era = 0): NumberedProof => ({
  proof: `proof ${(proofs += 1)}`,
  sequence,
  issuedAt,
  era,
})

const usesOf = (windows: ReplayWindows, sequences: readonly number[], era = 0): string[] =>
  sequences.map(sequence => windows.use(session, 'call', signed(sequence, 0, era)))

test('rejects a replayed proof, whatever came in between', () => {
  assert.deepEqual(usesOf(createReplayWindows(), [0, 1, 0, 5, 1, 3, 3, 5, 6]), [
    'fresh',
    'fresh',
    'replayed',
    'fresh',
    'replayed',
    'fresh',
    'replayed',
    'replayed',
    'fresh',
  ])
})

test('rejects what is older than the window, used or not', () => {
  const windows = createReplayWindows()
  assert.deepEqual(usesOf(windows, [2000, 2000 - 1023, 2000 - 1024, 0]), [
    'fresh',
    'fresh',
    'replayed',
    'replayed',
  ])
  assert.deepEqual(usesOf(windows, [2 ** 53 - 1, 2000, 2 ** 53 - 1]), ['fresh', 'replayed', 'replayed'])
})

test('sessions, and calls and other requests, count apart', () => {
  const windows = createReplayWindows()
  assert.equal(windows.use(session, 'call', signed(0)), 'fresh')
  assert.equal(windows.use(session, 'request', signed(0)), 'fresh')
  assert.equal(windows.use(other, 'call', signed(0)), 'fresh')
})

test('rejects a replay in the next era, while the nonce of the last is accepted', () => {
  const windows = createReplayWindows()
  assert.deepEqual(usesOf(windows, [4]), ['fresh'])
  assert.deepEqual(usesOf(windows, [4, 5], 1), ['replayed', 'fresh'])
  assert.deepEqual(usesOf(windows, [4, 5], 2), ['replayed', 'replayed'])
})

test('a session that was silent for two eras begins anew: none of its proofs has a nonce that is accepted', () => {
  const windows = createReplayWindows()
  usesOf(windows, [4])
  assert.deepEqual(usesOf(windows, [4], 2), ['fresh'])
})

test('rejects a replay after the clock was set back', () => {
  const windows = createReplayWindows()
  assert.deepEqual(usesOf(windows, [4], 10), ['fresh'])
  assert.deepEqual(usesOf(windows, [4], 2), ['replayed'])
})

test('fails closed when there is no room for another session, and knows the others still', () => {
  const windows = createReplayWindows({ maxWindows: 1 })
  assert.equal(windows.use(session, 'call', signed(0)), 'fresh')
  assert.equal(windows.use(other, 'call', signed(0)), 'full')
  assert.equal(windows.use(session, 'call', signed(0)), 'replayed')
  assert.equal(windows.use(session, 'call', signed(1)), 'fresh')
  assert.equal(windows.use(other, 'call', signed(0, 0, 1)), 'full', 'the place is kept for whoever has it')
  assert.equal(windows.use(session, 'call', signed(2, 0, 1)), 'fresh')
  assert.equal(windows.use(other, 'call', signed(0, 0, 3)), 'fresh', 'until it was not used for an era')
})

test('a number that is given back can be taken once more, by another proof and of its own counter', () => {
  const windows = createReplayWindows()
  usesOf(windows, [0, 1, 2])
  assert.equal(windows.giveBack(session, 'call', signed(1)), true)
  assert.deepEqual(usesOf(windows, [1, 1, 0, 2]), ['fresh', 'replayed', 'replayed', 'replayed'])
  windows.use(session, 'request', signed(1))
  windows.giveBack(session, 'call', signed(1))
  windows.giveBack(other, 'request', signed(1))
  assert.equal(windows.use(session, 'request', signed(1)), 'replayed')
})

test('a number is given back in the next era too, and never the one that has its place by now', () => {
  const windows = createReplayWindows()
  usesOf(windows, [4, 5])
  assert.equal(windows.use(other, 'call', signed(0, 0, 1)), 'fresh')
  windows.giveBack(session, 'call', signed(4))
  assert.deepEqual(usesOf(windows, [4, 5], 1), ['fresh', 'replayed'])
  usesOf(windows, [replayWindowSize + 4], 1)
  assert.equal(windows.giveBack(session, 'call', signed(4)), false)
  assert.equal(windows.giveBack(session, 'call', signed(2 * replayWindowSize + 4)), true)
  assert.deepEqual(usesOf(windows, [replayWindowSize + 4], 1), ['replayed'])
})

test('a number that is given back after the session was silent for two eras is not that of the call which has it by now', () => {
  const windows = createReplayWindows()
  const [slow, slower, slowest] = [signed(4), signed(5), signed(6)]
  for (const proof of [slow, slower, slowest]) assert.equal(windows.use(session, 'call', proof), 'fresh')
  const counted = signed(4, 0, 2)
  assert.equal(windows.use(session, 'call', counted), 'fresh')
  usesOf(windows, [6], 2)
  assert.equal(windows.giveBack(session, 'call', slow), false)
  assert.equal(windows.use(session, 'call', counted), 'replayed')
  assert.deepEqual(usesOf(windows, [4], 2), ['replayed'])
  usesOf(windows, [7], 2)
  assert.equal(windows.giveBack(session, 'call', slower), true, 'a number that no other call has')
  assert.deepEqual(usesOf(windows, [5, 5], 2), ['fresh', 'replayed'])
})

test('no number that counts is taken again while its window lasts, however late others are given back', () => {
  const step = fc.record({
    happens: fc.constantFrom('taken', 'taken', 'given back', 'next era'),
    sequence: fc.nat({ max: 3 }),
    which: fc.nat({ max: 9 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const windows = createReplayWindows()
      let era = 0
      let lastEra = 0
      let taken: NumberedProof[] = []
      /** By number, of the window that lasts. */
      let holders = new Map<number, NumberedProof>()
      for (const { happens, sequence, which } of steps) {
        if (happens === 'next era') era += 1
        if (happens === 'taken') {
          if (era > lastEra + 1) holders = new Map()
          lastEra = era
          const proof = signed(sequence, 0, era)
          const isFree = !holders.has(sequence)
          assert.equal(windows.use(session, 'call', proof), isFree ? 'fresh' : 'replayed')
          if (!isFree) continue
          holders.set(sequence, proof)
          taken.push(proof)
        }
        const returned = happens === 'given back' ? taken[which % taken.length] : undefined
        if (returned === undefined) continue
        taken = taken.filter(proof => proof !== returned)
        windows.giveBack(session, 'call', returned)
        if (holders.get(returned.sequence) === returned) holders.delete(returned.sequence)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('no number passes twice, in any order, and none within the window is refused before its use', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3 * replayWindowSize }), { maxLength: 200 }), sequences => {
      const windows = createReplayWindows()
      const used = new Set<number>()
      let highest = -1
      for (const sequence of sequences) {
        const isDue = !used.has(sequence) && sequence > highest - replayWindowSize
        assert.equal(windows.use(session, 'call', signed(sequence)), isDue ? 'fresh' : 'replayed')
        if (isDue) used.add(sequence)
        highest = Math.max(highest, sequence)
      }
    }),
  )
})

/** A proof whose number was taken, and given back. */
const usedForNothing = (windows: ReplayWindows, sequence: number, issuedAt: number): NumberedProof => {
  const proof = signed(sequence, issuedAt)
  assert.equal(windows.use(session, 'call', proof), 'fresh')
  windows.giveBack(session, 'call', proof)
  return proof
}

test('rejects the very proof whose number was given back, and only that one', () => {
  const windows = createReplayWindows()
  const proof = signed(0)
  assert.equal(windows.use(session, 'call', proof), 'fresh')
  windows.giveBack(session, 'call', proof)
  assert.equal(windows.use(session, 'call', proof), 'replayed')
  const retry = signed(0)
  assert.equal(windows.use(session, 'call', retry), 'fresh')
  windows.giveBack(session, 'call', retry)
  for (const old of [proof, retry]) assert.equal(windows.use(session, 'call', old), 'replayed')
  assert.equal(windows.use(session, 'call', signed(0)), 'fresh')
})

test('rejects the proof whose number was given back in the next era, and after a leap over other numbers', () => {
  const windows = createReplayWindows()
  const proof = signed(4)
  windows.use(session, 'call', proof)
  windows.giveBack(session, 'call', proof)
  const next = { ...proof, era: 1 }
  assert.equal(windows.use(session, 'call', next), 'replayed')
  assert.equal(windows.use(session, 'call', signed(4 + replayWindowSize - 1, 0, 1)), 'fresh')
  assert.equal(windows.use(session, 'call', next), 'replayed')
  assert.equal(windows.use(session, 'call', signed(4 + replayWindowSize, 0, 1)), 'fresh')
  assert.equal(windows.use(session, 'call', next), 'replayed')
})

test('a proof that was forgotten is refused as one that cannot be told, until another is signed later', () => {
  const windows = createReplayWindows({ maxGivenBack: 4 })
  const flood = [1_000, 2_000, 3_000, 4_000, 5_000].map(issuedAt => usedForNothing(windows, 0, issuedAt))
  assert.deepEqual(
    flood.map(proof => windows.use(session, 'call', proof)),
    ['full', 'full', 'replayed', 'replayed', 'replayed'],
  )
  assert.equal(windows.use(session, 'call', signed(0, 2_000)), 'full')
  assert.equal(windows.use(session, 'call', signed(1)), 'fresh', 'a number that was never given back')
  assert.equal(windows.use(other, 'call', signed(0)), 'fresh', 'of another session')
  assert.equal(windows.use(session, 'call', signed(0, 3_000)), 'fresh')
  const samePlace = signed(replayWindowSize, 0)
  assert.equal(windows.use(session, 'call', samePlace), 'fresh', 'a number in the place of one that was')
})

test('of proofs that are forgotten together, and one after the other, the newest counts', () => {
  const windows = createReplayWindows({ maxGivenBack: 4 })
  const newest = usedForNothing(windows, 0, 9_000)
  for (const sequence of [1, 2, 3, 4, 5, 6]) usedForNothing(windows, sequence, 1_000)
  assert.equal(windows.use(session, 'call', newest), 'full')
})

test('no proof is used twice, whatever is given back and forgotten', () => {
  const use = fc.record({
    place: fc.nat({ max: 30 }),
    isGivenBack: fc.nat({ max: 9 }).map(drawn => drawn > 0),
  })
  const proof = fc.record({
    owner: fc.constantFrom(session, other),
    sequence: fc.nat({ max: 3 }),
    issuedAt: fc.nat({ max: 5 }),
  })
  fc.assert(
    fc.property(
      fc.array(proof, { minLength: 31, maxLength: 31 }),
      fc.array(use, { maxLength: 200 }),
      (drawn, uses) => {
        const windows = createReplayWindows({ maxGivenBack: 4 })
        const shown = drawn.map(({ owner, ...claims }, place) => ({
          owner,
          claims: { ...claims, proof: `${place}`, era: 0 },
        }))
        const used = new Set<number>()
        for (const { place, isGivenBack } of uses) {
          const { owner, claims } = shown[place]!
          if (windows.use(owner, 'call', claims) !== 'fresh') continue
          assert.ok(!used.has(place), `proof ${place} was used twice`)
          used.add(place)
          if (isGivenBack) windows.giveBack(owner, 'call', claims)
        }
      },
    ),
  )
})
