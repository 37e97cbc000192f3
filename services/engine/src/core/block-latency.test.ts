import assert from 'node:assert/strict'
import { test } from 'node:test'

import { decisionOf } from '../session-fixture.ts'
import { blockLatency } from './block-latency.ts'

// RFC 9562 appendix A.6: a UUIDv7 of 2022-02-22T19:22:22Z, 1645557742000 ms.
const causedBy = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f'
const calledAt = 1_645_557_742_000

test('from the call that caused the decision to its arrival, and on to the block', () => {
  const held = { decision: decisionOf('suspended', { causedBy }), receivedAt: calledAt + 12 }
  assert.deepEqual(blockLatency(held, calledAt + 40), { callToDecisionMs: 12, decisionToBlockMs: 28 })
})

test('a decision that no call caused has no such call', () => {
  const held = { decision: decisionOf('suspended', { causedBy: null }), receivedAt: 100 }
  assert.deepEqual(blockLatency(held, 140), { decisionToBlockMs: 40 })
  const odd = { decision: decisionOf('suspended', { causedBy: 'step-up' }), receivedAt: 100 }
  assert.deepEqual(blockLatency(odd, 140), { decisionToBlockMs: 40 })
})

test('clocks of two engines that disagree never give a negative time', () => {
  const held = { decision: decisionOf('suspended', { causedBy }), receivedAt: calledAt - 3 }
  assert.deepEqual(blockLatency(held, calledAt - 5), { callToDecisionMs: 0, decisionToBlockMs: 0 })
})
