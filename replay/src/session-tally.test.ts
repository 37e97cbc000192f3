import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { SessionDecision, Standing } from '@cordon/schemas'

import { SessionTally } from './session-tally.ts'

const decision = (sessionId: string, standing: Standing): SessionDecision => ({
  sessionId,
  standing,
  version: 1,
  score: 0,
  evidence: 0,
  contributions: [],
  decidedAt: 0,
  causedBy: null,
  baselineVersion: 0,
  baselineSessions: -1,
  thresholdBasis: 'bundle',
  bundleVersion: 0,
  standingVersion: 0,
  keyId: '',
  signature: Buffer.alloc(0),
})

test('a session counts once, by the gravest standing that it reached', () => {
  const tally = new SessionTally()
  for (const standing of ['trusted', 'verify', 'suspended', 'ended'] as const)
    tally.decided(decision('a', standing))
  for (const standing of ['trusted', 'ended'] as const) tally.decided(decision('b', standing))
  assert.deepEqual(tally.standings(), { trusted: 1, verify: 0, read_only: 0, suspended: 1 })
  assert.equal(tally.decisions, 6)
})
