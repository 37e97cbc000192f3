import assert from 'node:assert/strict'
import { test } from 'node:test'

import { makeSessionId } from '@cordon/foundation'
import * as fc from 'fast-check'

import { createReplayWindows, type ReplayWindows, replayWindowSize } from './replay-windows.ts'

const session = makeSessionId(3, '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b')
const other = makeSessionId(3, '0192f3a0-5b7e-7c1d-8a2b-000000000000')
const eraMs = 300_000

const usesOf = (windows: ReplayWindows, sequences: readonly number[], now = 0): string[] =>
  sequences.map(sequence => windows.use(session, 'call', sequence, now))

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
  assert.equal(windows.use(session, 'call', 0, 0), 'fresh')
  assert.equal(windows.use(session, 'request', 0, 0), 'fresh')
  assert.equal(windows.use(other, 'call', 0, 0), 'fresh')
})

test('rejects a replay in the next era, while the nonce of the last is accepted', () => {
  const windows = createReplayWindows({ eraMs })
  assert.deepEqual(usesOf(windows, [4], eraMs - 1), ['fresh'])
  assert.deepEqual(usesOf(windows, [4, 5], 2 * eraMs - 1), ['replayed', 'fresh'])
  assert.deepEqual(usesOf(windows, [4, 5], 3 * eraMs - 1), ['replayed', 'replayed'])
})

test('a session that was silent for two eras begins anew: none of its proofs has a nonce that is accepted', () => {
  const windows = createReplayWindows({ eraMs })
  usesOf(windows, [4], 0)
  assert.deepEqual(usesOf(windows, [4], 2 * eraMs), ['fresh'])
})

test('rejects a replay after the clock was set back', () => {
  const windows = createReplayWindows({ eraMs })
  assert.deepEqual(usesOf(windows, [4], 10 * eraMs), ['fresh'])
  assert.deepEqual(usesOf(windows, [4], 2 * eraMs), ['replayed'])
})

test('fails closed when there is no room for another session, and knows the others still', () => {
  const windows = createReplayWindows({ eraMs, maxWindows: 1 })
  assert.equal(windows.use(session, 'call', 0, 0), 'fresh')
  assert.equal(windows.use(other, 'call', 0, 0), 'full')
  assert.equal(windows.use(session, 'call', 0, 0), 'replayed')
  assert.equal(windows.use(session, 'call', 1, 0), 'fresh')
  assert.equal(windows.use(other, 'call', 0, eraMs), 'full', 'the place is kept for whoever has it')
  assert.equal(windows.use(session, 'call', 2, eraMs), 'fresh')
  assert.equal(windows.use(other, 'call', 0, 3 * eraMs), 'fresh', 'until it was not used for an era')
})

test('a number that is given back can be taken once more, of its own counter', () => {
  const windows = createReplayWindows()
  usesOf(windows, [0, 1, 2])
  assert.equal(windows.giveBack(session, 'call', 1), true)
  assert.deepEqual(usesOf(windows, [1, 1, 0, 2]), ['fresh', 'replayed', 'replayed', 'replayed'])
  windows.use(session, 'request', 1, 0)
  windows.giveBack(session, 'call', 1)
  windows.giveBack(other, 'request', 1)
  assert.equal(windows.use(session, 'request', 1, 0), 'replayed')
})

test('a number is given back in the next era too, and never the one that has its place by now', () => {
  const windows = createReplayWindows({ eraMs })
  usesOf(windows, [4, 5], 0)
  assert.equal(windows.use(other, 'call', 0, eraMs), 'fresh')
  windows.giveBack(session, 'call', 4)
  assert.deepEqual(usesOf(windows, [4, 5], eraMs), ['fresh', 'replayed'])
  usesOf(windows, [replayWindowSize + 4], eraMs)
  assert.equal(windows.giveBack(session, 'call', 4), false)
  assert.equal(windows.giveBack(session, 'call', 2 * replayWindowSize + 4), true)
  assert.deepEqual(usesOf(windows, [replayWindowSize + 4], eraMs), ['replayed'])
})

test('no number passes twice, in any order, and none within the window is refused before its use', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3 * replayWindowSize }), { maxLength: 200 }), sequences => {
      const windows = createReplayWindows()
      const used = new Set<number>()
      let highest = -1
      for (const sequence of sequences) {
        const isDue = !used.has(sequence) && sequence > highest - replayWindowSize
        assert.equal(windows.use(session, 'call', sequence, 0), isDue ? 'fresh' : 'replayed')
        if (isDue) used.add(sequence)
        highest = Math.max(highest, sequence)
      }
    }),
  )
})
