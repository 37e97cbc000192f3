import assert from 'node:assert/strict'
import { test } from 'node:test'

import { joinRefusals } from './join-refusals.ts'

const calls = [
  { session: 0, startedAt: 10, decidedAt: 11, passed: true },
  { session: 1, startedAt: 100, decidedAt: 103, passed: true },
  { session: 2, startedAt: 200, decidedAt: 202, passed: false },
]
const refusal = (session: number, engine: number, refusedAt: number) => ({
  session,
  engine,
  heldAt: refusedAt - 1,
  refusedAt,
  reason: 'SESSION_SUSPENDED' as const,
  passed: 2,
})

test('tells every engine, the last one, and those that never refused', () => {
  const refusals = [refusal(0, 0, 99), refusal(1, 0, 106), refusal(1, 1, 112), refusal(2, 1, 208)]
  assert.deepEqual(joinRefusals(calls, refusals, { engines: 2, from: 1 }), {
    toRefused: [6, 12, 8],
    toHeld: [5, 11, 7],
    toLastRefused: [12],
    toOwnVerdict: [3, 2],
    refusedThemselves: 1,
    missed: 1,
    passed: 6,
  })
})
