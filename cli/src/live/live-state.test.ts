import assert from 'node:assert/strict'
import { test } from 'node:test'

import { LiveState } from './live-state.ts'
import type { SessionFact } from './session-fact.ts'

const sessionId = '0.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b'
const opened: SessionFact = { kind: 'opened', sessionId, at: 1000, human: 'alice', agentId: 'writer' }
const attempted: SessionFact = {
  kind: 'attempted',
  sessionId,
  at: 2000,
  invocationId: 'i',
  tool: 'files/write_file',
}
const judged: SessionFact = {
  kind: 'judged',
  sessionId,
  at: 2004,
  standing: 'suspended',
  score: 97,
  contributions: [{ signal: 'provenance', nats: 8, fact: 'the path came from a result' }],
  causedBy: 'i',
}
const denied: SessionFact = {
  kind: 'denied',
  sessionId,
  at: 2006,
  invocationId: 'i',
  tool: 'files/write_file',
  reason: 'GATE_REFUSED',
}

test('a block says why, and how long it took from the call that caused it', () => {
  const state = new LiveState()
  for (const fact of [opened, attempted, judged]) assert.equal(state.apply(fact), undefined)
  const block = state.apply(denied)
  assert.deepEqual(
    {
      decision: block?.callToDecisionMs,
      block: block?.callToBlockMs,
      human: block?.human,
      facts: block?.contributions.length,
    },
    { decision: 4, block: 6, human: 'alice', facts: 1 },
  )
  assert.equal(state.sessions[0]?.refused, 1)
})

test('a call that an earlier one had spoilt says how old the decision was', () => {
  const state = new LiveState()
  const later = { ...attempted, invocationId: 'j', at: 2500 }
  for (const fact of [opened, attempted, judged, later]) state.apply(fact)
  const block = state.apply({ ...denied, invocationId: 'j', at: 2501 })
  assert.deepEqual(
    { block: block?.callToBlockMs, decision: block?.callToDecisionMs, age: block?.decisionAgeMs },
    { block: 1, decision: 4, age: 497 },
  )
})

test('a decision that is read before the session it is about is not forgotten', () => {
  const state = new LiveState()
  state.apply(judged)
  state.apply(opened)
  assert.equal(state.sessions[0]?.standing, 'suspended')
})

test('sessions that ended leave the view first', () => {
  const state = new LiveState()
  const other = { ...opened, sessionId: sessionId.replace('0.', '1.') }
  for (const fact of [opened, other, { kind: 'ended', sessionId, at: 3000 } as const]) state.apply(fact)
  state.trim(1)
  assert.deepEqual(
    state.sessions.map(session => session.sessionId),
    [other.sessionId],
  )
})
