import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseSessionId } from '@cordon/foundation'

import type { HeldDecision } from '../ports.ts'
import { createDecisionArrivals } from './decision-arrivals.ts'

const sessionId = parseSessionId('0.0197b1a0-0000-7000-8000-000000000001')
const held: HeldDecision = {
  receivedAt: 1,
  decision: {
    sessionId,
    version: 1,
    standing: 'trusted',
    score: 0,
    evidence: 0,
    contributions: [],
    decidedAt: 1,
    causedBy: null,
    baselineVersion: 0,
    baselineSessions: -1,
    thresholdBasis: 'bundle',
    bundleVersion: 0,
    standingVersion: 0,
    keyId: '',
    signature: Buffer.alloc(0),
  },
}

test('everybody who waits for a session hears of its first decision', async () => {
  const arrivals = createDecisionArrivals()
  const waiting = [arrivals.wait(sessionId, 60_000), arrivals.wait(sessionId, 60_000)]
  arrivals.arrived(sessionId, held)
  assert.deepEqual(await Promise.all(waiting), [held, held])
})

test('a decision that does not come in time is none', async () => {
  assert.equal(await createDecisionArrivals().wait(sessionId, 1), undefined)
})

test('a flood of unknown sessions does not wait', async () => {
  const arrivals = createDecisionArrivals()
  const flood = Array.from({ length: 1000 }, () => arrivals.wait(sessionId, 60_000))
  assert.equal(await arrivals.wait(sessionId, 60_000), undefined)
  arrivals.arrived(sessionId, held)
  assert.equal((await Promise.all(flood)).length, 1000)
  const again = arrivals.wait(sessionId, 60_000)
  arrivals.arrived(sessionId, held)
  assert.equal(await again, held)
})
