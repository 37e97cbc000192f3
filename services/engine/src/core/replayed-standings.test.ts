import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseSessionId, type SessionId } from '@cordon/foundation'

import { createReplayedStandings } from './replayed-standings.ts'

const numbered = (number: number): SessionId =>
  parseSessionId(`3.01890a5d-ac96-774b-bcce-${String(number).padStart(12, '0')}`)
const one = numbered(1)

test('a replayed standing is told once, and again after a minute in which nobody stated another', () => {
  const replays = createReplayedStandings()
  replays.replayed(one, 4)
  assert.deepEqual(replays.due(0), [{ sessionId: one, standingVersion: 4 }])
  replays.replayed(one, 2)
  assert.deepEqual(replays.due(59_999), [])
  assert.deepEqual(replays.due(60_000), [{ sessionId: one, standingVersion: 2 }])
})

test('what was stated anew meanwhile is not told, and a replay behind that is told at once', () => {
  const replays = createReplayedStandings()
  replays.replayed(one, 4)
  replays.restated(one)
  assert.deepEqual(replays.due(0), [])
  replays.replayed(one, 4)
  assert.deepEqual(replays.due(1), [{ sessionId: one, standingVersion: 4 }])
  replays.restated(one)
  replays.replayed(one, 4)
  assert.deepEqual(replays.due(2), [{ sessionId: one, standingVersion: 4 }])
})

test('a flood is told a hundred at a time, and held ten thousand at most, the newest', () => {
  const replays = createReplayedStandings()
  for (let number = 0; number < 10_001; number += 1) replays.replayed(numbered(number), 0)
  const told: SessionId[] = []
  for (let turn = 0; turn < 101; turn += 1) {
    const due = replays.due(turn)
    assert.ok(due.length <= 100)
    told.push(...due.map(({ sessionId }) => sessionId))
  }
  assert.deepEqual([told.length, told[0], told.at(-1)], [10_000, one, numbered(10_000)])
})
