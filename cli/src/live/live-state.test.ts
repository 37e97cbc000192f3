import assert from 'node:assert/strict'
import { test } from 'node:test'

import { LiveState, type Block, type BlockCause } from './live-state.ts'
import type { SessionFact } from './session-fact.ts'

const sessionId = '0.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b'
const opened: SessionFact = { kind: 'opened', sessionId, at: 1000, human: 'alice', agentId: 'writer' }
const attempted = {
  kind: 'attempted',
  sessionId,
  at: 2000,
  invocationId: 'i',
  tool: 'files/write_file',
} as const satisfies SessionFact
const judged = {
  kind: 'judged',
  sessionId,
  at: 2004,
  standing: 'suspended',
  score: 97,
  contributions: [{ signal: 'provenance', nats: 8, fact: 'the path came from a result' }],
  causedBy: 'i',
} as const satisfies SessionFact
const denied = {
  kind: 'denied',
  sessionId,
  at: 2006,
  invocationId: 'i',
  tool: 'files/write_file',
  reason: 'GATE_REFUSED',
} as const satisfies SessionFact
const ended: SessionFact = { kind: 'ended', sessionId, at: 3000 }

const play = (facts: readonly SessionFact[]): { state: LiveState; block: Block | undefined } => {
  const state = new LiveState()
  return { state, block: facts.map(fact => state.apply(fact)).findLast(block => block !== undefined) }
}

test('a block says why, and how long it took from the call that caused it', () => {
  const { state, block } = play([opened, attempted, judged, denied])
  assert.equal(block?.callToBlockMs, 6)
  assert.deepEqual(block.cause, { decision: judged, callToDecisionMs: 4, decisionAgeMs: undefined })
  assert.deepEqual([block.session.human, block.session.agentId], ['alice', 'writer'])
  assert.equal(state.sessions[0]?.refused, 1)
})

test('a call that an earlier one had spoilt says how old the decision was', () => {
  const later = { ...attempted, invocationId: 'j', at: 2500 }
  const refused = { ...denied, invocationId: 'j', at: 2501, reason: 'SESSION_SUSPENDED' }
  const { block } = play([opened, attempted, judged, later, refused])
  assert.equal(block?.callToBlockMs, 1)
  assert.deepEqual(block.cause, { decision: judged, callToDecisionMs: 4, decisionAgeMs: 497 })
})

const byItself: readonly (readonly [reason: string, words: string])[] = [
  ['GATE_TIMEOUT', 'the scorer did not judge this call in time'],
  ['SESSION_STALE', 'the engine has not heard from the scorer for too long to let this call through'],
  ['TOOL_UNKNOWN', 'the tool is not in the catalogue'],
  ['OF_A_NEWER_ENGINE', 'no decision of the scorer'],
]
for (const [reason, words] of byItself) {
  test(`${reason} is not explained by what the scorer said of other calls`, () => {
    const earlier = { ...judged, standing: 'trusted', causedBy: 'h' } as const
    const { block } = play([opened, earlier, attempted, { ...denied, reason }])
    assert.deepEqual(block?.cause, { words } satisfies BlockCause)
  })
}

test('a session is shown from the first record of it, whichever that is, and filled in later', () => {
  for (const first of [attempted, judged, denied]) {
    const { state } = play([first])
    assert.equal(state.sessions.length, 1)
    assert.equal(state.sessions[0]?.agentId, undefined)
    state.apply(opened)
    assert.equal(state.sessions[0]?.agentId, 'writer')
  }
  const { block } = play([attempted, denied])
  assert.equal(block?.session.human, undefined)
})

test('a decision that is read before the session it is about is not forgotten', () => {
  const { state } = play([judged, opened])
  assert.equal(state.sessions[0]?.standing, 'suspended')
  assert.equal(state.sessions[0].judged?.score, 97)
})

test('what has ended stays so, and is not remembered anew', () => {
  const { state } = play([opened, ended, judged])
  assert.equal(state.sessions[0]?.standing, 'ended')
  assert.equal(play([ended, { ...judged, standing: 'ended' }]).state.sessions.length, 0)
})

test('sessions that ended leave the view first', () => {
  const { state } = play([opened, ended])
  const open = Array.from({ length: 3 }, (_, index) => `1.${index}`)
  for (const id of open) state.apply({ ...opened, sessionId: id })
  const shown = (count: number): readonly string[] => state.newest(count).map(session => session.sessionId)
  assert.deepEqual(shown(2), ['1.1', '1.2'])
  assert.deepEqual(shown(3), open)
  assert.deepEqual(shown(9), [sessionId, ...open])
})

test('what is remembered is bounded, whatever the records say', () => {
  const state = new LiveState()
  const mine = { ...opened, sessionId: 'mine' }
  state.apply(mine)
  for (let index = 0; index < 12_000; index += 1) {
    const id = `0.${index}`
    state.apply({ ...opened, sessionId: id })
    state.apply({ ...attempted, sessionId: id, invocationId: id, at: 1e15 - index })
    state.apply({ ...ended, sessionId: id })
    state.apply({ ...judged, sessionId: id })
  }
  assert.equal(state.sessions.length, 1000)
  assert.ok(
    state.sessions.some(session => session.sessionId === 'mine'),
    'those that ended go first',
  )
  const callToBlock = (invocationId: string): number | undefined =>
    state.apply({ ...denied, invocationId })?.callToBlockMs
  assert.equal(callToBlock('0.100'), undefined)
  assert.notEqual(callToBlock('0.11000'), undefined)
  // Sessions that never end are bounded as well.
  for (let index = 0; index < 2000; index += 1) state.apply({ ...attempted, sessionId: `open.${index}` })
  assert.equal(state.sessions.length, 1000)
})
