import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { stripVTControlCharacters } from 'node:util'

import type { Records } from '@cordon/schemas'

import { viewOn } from './live-view-fixture.ts'
import { factOf, type LiveFact } from './session-fact.ts'

const sessionId = '0.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b'
const stoppedAt = Date.UTC(2026, 10, 30, 12)
const opened: LiveFact = {
  kind: 'opened',
  sessionId,
  at: stoppedAt - 9000,
  human: 'alice',
  agentId: 'writer',
  platform: 'desk',
  parentSessionId: null,
}
const cancelled = {
  kind: 'completed',
  sessionId,
  at: stoppedAt + 5,
  tool: 'calc/slow',
  outcome: 'cancelled',
} as const satisfies LiveFact
const stop = (scope: string): LiveFact => ({
  kind: 'revocation',
  isNew: false,
  scope,
  active: true,
  version: 1,
  issuedAt: stoppedAt,
  by: 'operator',
  reason: 'odd',
})
const suspended: LiveFact = {
  kind: 'judged',
  gated: false,
  sessionId,
  at: stoppedAt,
  standing: 'suspended',
  score: 99,
  evidence: 9,
  contributions: [],
  causedBy: null,
}
const ended: LiveFact = { kind: 'ended', sessionId, at: stoppedAt }

/** @returns what is said of calls that were cut, once what could explain them has had its time */
const cutsAmong = (t: TestContext, facts: readonly LiveFact[]): string[] => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { view, written } = viewOn(t, false)
  for (const fact of [opened, ...facts]) {
    view.show(fact)
    t.mock.timers.tick(600)
  }
  t.mock.timers.tick(3000)
  view.close()
  t.mock.timers.reset()
  const lines = stripVTControlCharacters(written()).split('\n')
  return lines.flatMap((line, at) => (line.startsWith('CUT') ? lines.slice(at, at + 3) : []))
}

for (const scope of ['agent:writer', 'human:alice', 'tool:calc/slow', 'tool:calc/*', `session:${sessionId}`])
  test(`a call under way that ${scope} cuts says so once, with the scope, whichever is read first`, t => {
    const lines = [
      'CUT  calc/slow: it was under way when an operator stopped who called, or what was called (REVOKED)',
      `  session ${sessionId} of writer for alice`,
      `  stopped by ${scope} since 2026-11-30T12:00:00Z by operator: odd`,
    ]
    assert.deepEqual(cutsAmong(t, [stop(scope), cancelled]), lines)
    assert.deepEqual(cutsAmong(t, [cancelled, stop(scope)]), lines)
  })

test('a call that its session took with it says whether that was suspended or ended', t => {
  assert.match(cutsAmong(t, [suspended, cancelled])[0]!, /under way when the session was suspended/)
  assert.match(cutsAmong(t, [ended, cancelled])[0]!, /under way when the session ended \(SESSION_ENDED\)/)
})

test('a call that its agent gave up, or that came back, is not said to be cut', t => {
  assert.deepEqual(cutsAmong(t, [cancelled]), [])
  assert.deepEqual(cutsAmong(t, [cancelled, ended]), [])
  const before = { ...cancelled, at: stoppedAt - 1 }
  assert.deepEqual(cutsAmong(t, [before, stop('agent:writer'), suspended]), [])
  assert.deepEqual(cutsAmong(t, [stop('agent:other'), cancelled]), [])
  assert.deepEqual(cutsAmong(t, [stop('agent:writer'), { ...cancelled, outcome: 'ok' }]), [])
})

test('how a call ended is read from its record', () => {
  const value: Records['InvocationCompleted'] = {
    sessionId,
    invocationId: 'i',
    completedAt: cancelled.at,
    tool: 'calc/slow',
    outcome: 'cancelled',
    resultBytes: 0,
    resultDigest: Buffer.alloc(0),
    entities: [],
    entitiesOverflow: false,
    entitiesLost: false,
    wording: Buffer.alloc(0),
    repeats: 0,
    repeatedBytes: 0,
  }
  const fact = factOf({ name: 'InvocationCompleted', value }, 1)
  assert.deepEqual({ ...value, ...cancelled }, fact)
})
