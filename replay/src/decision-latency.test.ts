import assert from 'node:assert/strict'
import { test } from 'node:test'

import { DecisionLatency } from './decision-latency.ts'

test('joins an event with its decision, whichever is heard of first', () => {
  const latency = new DecisionLatency()
  latency.published(0, 5, 100)
  latency.decided(0, 5, 104)
  latency.decided(1, 5, 210)
  latency.published(1, 5, 203)
  assert.deepEqual(latency.samples, [4, 7])
})

test('an event without a decision is no sample', () => {
  const latency = new DecisionLatency()
  latency.published(0, 6, 100)
  assert.deepEqual(latency.samples, [])
})
