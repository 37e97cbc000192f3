import assert from 'node:assert/strict'
import { test } from 'node:test'

import { partitionOfSession } from '@cordon/foundation'

import { planSessions } from './session-plan.ts'

test('sessions go round engines and partitions, and turn bad one after the other', () => {
  const plan = planSessions({ seed: 1, sessions: 8, engines: 3, partitions: 2, leadMs: 500, apartMs: 100 })
  assert.deepEqual(
    plan.map(({ engine }) => engine),
    [0, 1, 2, 0, 1, 2, 0, 1],
  )
  assert.deepEqual(
    plan.map(({ sessionId }) => partitionOfSession(sessionId)),
    [0, 1, 0, 1, 0, 1, 0, 1],
  )
  for (const [index, { badAtMs }] of plan.entries()) {
    assert.ok(badAtMs >= 500 + index * 100 && badAtMs < 600 + index * 100, `${badAtMs}`)
  }
  assert.equal(new Set(plan.map(({ sessionId }) => sessionId)).size, 8)
})
