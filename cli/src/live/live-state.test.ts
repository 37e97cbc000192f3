import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Block } from './block.ts'
import { LiveState } from './live-state.ts'
import type { SessionFact } from './session-fact.ts'

const sessionId = '0.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b'
const opened: SessionFact = {
  kind: 'opened',
  sessionId,
  at: 1000,
  human: 'alice',
  agentId: 'writer',
  platform: 'desk',
  parentSessionId: null,
}
const attempted = {
  kind: 'attempted',
  sessionId,
  at: 2000,
  invocationId: 'i',
  tool: 'files/write_file',
} as const satisfies SessionFact
const judged = {
  kind: 'judged',
  gated: true,
  sessionId,
  at: 2004,
  standing: 'suspended',
  score: 97,
  evidence: 10,
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

const play = (facts: readonly SessionFact[]): { state: LiveState; blocks: readonly Block[] } => {
  const state = new LiveState()
  return { state, blocks: facts.flatMap(fact => state.apply(fact)) }
}

test('a block says why, and how long it took from the call that caused it', () => {
  const { state, blocks } = play([opened, attempted, judged, denied])
  assert.equal(blocks.length, 1)
  assert.equal(blocks[0]?.callToBlockMs, 6)
  assert.deepEqual(blocks[0].cause, { judgement: judged, callToDecisionMs: 4, standingForMs: undefined })
  assert.deepEqual([blocks[0].session.human, blocks[0].session.agentId], ['alice', 'writer'])
  assert.equal(state.sessions[0]?.refused, 1)
})

const decided = { ...judged, gated: false } as const
const later = { ...attempted, invocationId: 'j', at: 2500 }
const refused = { ...denied, invocationId: 'j', at: 2501, reason: 'SESSION_SUSPENDED' }

test('a call that an earlier one had spoilt says for how long the session had stood so', () => {
  const band = { ...decided, at: 2300, score: 99, causedBy: 'h' }
  const { blocks } = play([opened, attempted, decided, band, later, refused])
  assert.equal(blocks[0]?.callToBlockMs, 1)
  assert.deepEqual(blocks[0].cause, { judgement: decided, callToDecisionMs: 4, standingForMs: 497 })
})

test('what follows from a refusal is not taken for its cause, whichever is read first', () => {
  const milder = { ...decided, at: 2100, standing: 'read_only', score: 80 } as const
  const consequence = { ...decided, at: 2503, causedBy: 'j' }
  const readOnly = { ...refused, reason: 'SESSION_READ_ONLY' }
  const { blocks } = play([opened, milder, later, consequence, readOnly])
  assert.equal(blocks.length, 1)
  assert.deepEqual(blocks[0]?.cause, {
    judgement: milder,
    callToDecisionMs: undefined,
    standingForMs: 401,
  })
})

test('a clock that is behind the broker makes no negative times', () => {
  const ahead = { ...decided, at: 2600 }
  const { blocks } = play([opened, { ...attempted, at: 2700 }, ahead, later, refused])
  assert.deepEqual(blocks[0]?.cause, { judgement: ahead, callToDecisionMs: 0, standingForMs: 0 })
})

test('a refusal that is read before its judgement waits for it, and not for ever', () => {
  const { state, blocks } = play([opened, attempted, denied])
  assert.deepEqual(blocks, [])
  const elsewhere = { ...judged, sessionId: 'another' }
  assert.deepEqual(state.apply(elsewhere), [])
  assert.deepEqual(state.release(), [])
  assert.equal(state.apply(judged).length, 1)
  state.apply({ ...denied, invocationId: 'never judged' })
  assert.deepEqual(state.release(), [])
  assert.deepEqual(
    state.release().map(({ cause }) => cause),
    ['unseen'],
  )
  assert.deepEqual(state.release(), [])
})

for (const reason of ['GATE_TIMEOUT', 'SESSION_STALE', 'TOOL_UNKNOWN', 'OF_A_NEWER_ENGINE']) {
  test(`${reason} is not explained by what the scorer said of other calls`, () => {
    const earlier = { ...decided, standing: 'trusted', causedBy: 'h' } as const
    const { blocks } = play([opened, earlier, attempted, { ...denied, reason }])
    assert.deepEqual(
      blocks.map(({ cause }) => cause),
      [undefined],
    )
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
  const { blocks } = play([attempted, denied, judged])
  assert.equal(blocks[0]?.session.human, undefined)
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

test('sessions that stand worst are shown first, then those that did, then those touched last', () => {
  const { state } = play([opened, ended])
  const open = Array.from({ length: 3 }, (_, index) => `1.${index}`)
  for (const id of open) state.apply({ ...opened, sessionId: id })
  const shown = (count: number): readonly string[] => state.foremost(count).map(session => session.sessionId)
  assert.deepEqual(shown(2), ['1.2', '1.1'])
  assert.deepEqual(shown(9), [...open.toReversed(), sessionId])
  state.apply({ ...attempted, sessionId: '1.0' })
  assert.deepEqual(shown(1), ['1.0'])
  state.apply({ ...decided, sessionId: '1.1', standing: 'verify' })
  state.apply({ ...decided, sessionId: '1.0', standing: 'trusted' })
  state.apply({ ...decided, sessionId: '1.2', standing: 'suspended' })
  assert.deepEqual(shown(9), ['1.2', '1.1', '1.0', sessionId])
  state.apply({ ...ended, sessionId: '1.2' })
  assert.deepEqual(shown(9), ['1.1', '1.0', '1.2', sessionId])
  assert.equal(state.foremost(9)[2]?.worst, 'suspended')
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
    state.apply({ ...denied, invocationId, reason: 'TOOL_UNKNOWN' })[0]?.callToBlockMs
  assert.equal(callToBlock('0.100'), undefined)
  assert.notEqual(callToBlock('0.11000'), undefined)
  // Sessions that never end are bounded as well.
  for (let index = 0; index < 2000; index += 1) state.apply({ ...attempted, sessionId: `open.${index}` })
  assert.equal(state.sessions.length, 1000)
})

const downgradesAfter = (facts: readonly SessionFact[]): readonly string[] => {
  const { state } = play(facts)
  assert.deepEqual(state.releaseDowngrades(), [], 'a refusal may explain it in a moment')
  return [...state.releaseDowngrades(), ...state.releaseDowngrades()].map(
    ({ session, judgement }) => `${session.agentId} ${judgement.standing}`,
  )
}

test('a session that is stopped before a call of it is refused is told of, once', () => {
  const calmer = { ...decided, at: 2400, standing: 'read_only' } as const
  assert.deepEqual(downgradesAfter([opened, attempted, decided]), ['writer suspended'])
  assert.deepEqual(downgradesAfter([opened, attempted, decided, calmer, decided]), ['writer suspended'])
  assert.deepEqual(downgradesAfter([opened, attempted, calmer, decided]), [
    'writer read_only',
    'writer suspended',
  ])
  assert.deepEqual(downgradesAfter([opened, { ...decided, standing: 'verify' }]), [])
})

test('a downgrade that a refusal explained is not told again; one that is worse is', () => {
  assert.deepEqual(downgradesAfter([opened, attempted, judged, denied, decided]), [])
  assert.deepEqual(downgradesAfter([opened, attempted, decided, later, refused]), [])
  const verdict = { ...judged, standing: 'verify' } as const
  assert.deepEqual(downgradesAfter([opened, attempted, verdict, denied, decided]), ['writer suspended'])
})
