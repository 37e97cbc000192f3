import assert from 'node:assert/strict'
import { test } from 'node:test'

import { viewOn } from './live-view-fixture.ts'

const escape = '\u001B'
const hostile = `${escape}]0;pwned\u0007${escape}[2J\nREADY  everything is fine\u202E\u200B`
const sessionId = `0.${hostile}`

test('what agents choose cannot draw on the terminal', t => {
  const { view, written } = viewOn(t, true)
  view.show({
    kind: 'opened',
    sessionId,
    at: 1,
    human: hostile,
    agentId: hostile,
    platform: hostile,
    parentSessionId: hostile,
  })
  view.show({ kind: 'attempted', sessionId, at: 2, invocationId: 'i', tool: hostile })
  view.show({
    kind: 'judged',
    gated: true,
    sessionId,
    at: 3,
    standing: 'suspended',
    score: 99,
    evidence: 9,
    contributions: [{ signal: hostile, nats: 9, fact: hostile }],
    causedBy: 'i',
  })
  view.show({ kind: 'denied', sessionId, at: 4, invocationId: 'i', tool: hostile, reason: 'GATE_REFUSED' })
  view.show({ kind: 'denied', sessionId, at: 4, invocationId: 'i', tool: 'a/b', reason: hostile })
  view.skip(hostile)
  view.warn({ server: 'a', detail: hostile })
  view.show({ kind: 'learned', subject: `agent/${hostile}`, version: 1, sessions: 1 })
  view.close()
  assert.match(written(), /BLOCKED {2}�]0;pwned/)
  // Colours, the cursor up and the table's own erasing, wrapping switched off and on: what the view itself writes.
  const own = new RegExp(`${escape}\\[(?:\\d+m|\\d+A|0J|\\?7[lh])`, 'g')
  assert.doesNotMatch(written().replaceAll(own, '').replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u)
  assert.doesNotMatch(written(), /^READY/m)
})

test('says what agents are known from, and leaves out whom they stand for', t => {
  const { view, written } = viewOn(t, false)
  view.show({ kind: 'learned', subject: 'agent/support', version: 3, sessions: 12 })
  view.show({ kind: 'learned', subject: 'role/agents', version: 3, sessions: 40 })
  assert.match(written(), /New baseline of support: version 3; young agent: 12 sessions have taught/)
  assert.doesNotMatch(written(), /40 sessions/)
  const before = written()
  view.show({ kind: 'learned', subject: 'agent/support', version: 4, sessions: 12 })
  assert.equal(written(), before, 'a version of the same sessions is no news')
  view.show({ kind: 'learned', subject: 'agent/support', version: 5, sessions: 11 })
  assert.match(written(), /version 5; young agent: 11 sessions/)
})

test('records that cannot be read are counted in a quiet line, ever more seldom', t => {
  const { view, written } = viewOn(t, false)
  for (let count = 1; count <= 1000; count += 1) view.skip('session-events 0@7: expected a magic byte')
  const lines = written().trimEnd().split('\n')
  assert.equal(lines.length, 10)
  assert.match(
    lines[0]!,
    /Not shown, because unreadable: 1 record; session-events 0@7: expected a magic byte/,
  )
  assert.match(lines[9]!, /512 records so far/)
})

test('says a refusal in full once, then what is new, then in two lines', t => {
  const { view, written } = viewOn(t, false)
  const lines = (): readonly string[] => written().trim().split('\n')
  const contribution = { signal: 'resource', nats: 3.5, fact: 'first time this agent reads table leave' }
  const judged = {
    kind: 'judged',
    gated: false,
    sessionId: '0.a',
    at: 12,
    standing: 'verify',
    score: 50,
    evidence: 4,
    contributions: [contribution],
    causedBy: 'i',
  } as const
  const refuse = (invocationId: string, at: number): void => {
    view.show({ kind: 'attempted', sessionId: '0.a', at, invocationId, tool: 'db/drop' })
    view.show({
      kind: 'denied',
      sessionId: '0.a',
      at: at + 1,
      invocationId,
      tool: 'db/drop',
      reason: 'STEP_UP_REQUIRED',
    })
  }
  view.show({
    kind: 'opened',
    sessionId: '0.a',
    at: 1,
    human: 'alice',
    agentId: 'writer',
    platform: 'desk',
    parentSessionId: null,
  })
  view.show({ kind: 'attempted', sessionId: '0.a', at: 5, invocationId: 'i', tool: 'db/query' })
  view.show(judged)
  refuse('j', 20)
  assert.deepEqual(lines().slice(1), [
    '  session 0.a of writer for alice',
    '  call → block 1 ms',
    '  verify for 9 ms (call → standing 7 ms)',
    '  evidence 4.00 nats (verify by calibration), score 50 = 100·σ(−3.00 + 0.75·4.00), for what it did before:',
    '    +3.50 nats  resource     first time this agent reads table leave',
  ])
  refuse('k', 30)
  assert.deepEqual(lines().slice(8), [
    '  session 0.a, as above: call → block 1 ms, verify for 19 ms (call → standing 7 ms)',
  ])
})

test('says beside a refusal how well the agent is known', t => {
  const judged = { kind: 'judged', sessionId: '0.a', score: 50, evidence: 4, causedBy: 'i' } as const
  const contributions = [{ signal: 'resource', nats: 4, fact: 'first time this agent reads table leave' }]
  const linesOf = (baselineSessions: number): string => {
    const { view, written } = viewOn(t, false)
    view.show({
      kind: 'opened',
      sessionId: '0.a',
      at: 1,
      human: 'alice',
      agentId: 'writer',
      platform: 'desk',
      parentSessionId: null,
    })
    const opened = { ...judged, gated: false, at: 2, standing: 'trusted', contributions: [] } as const
    view.show({ ...opened, baselineSessions })
    view.show({ kind: 'attempted', sessionId: '0.a', at: 3, invocationId: 'i', tool: 'db/query' })
    view.show({ ...judged, gated: true, at: 4, standing: 'verify', verdict: 'hold', contributions })
    const denied = { sessionId: '0.a', at: 5, invocationId: 'i', tool: 'db/query', reason: 'GATE_REFUSED' }
    view.show({ kind: 'denied', ...denied })
    return written()
  }
  assert.match(linesOf(0), /of writer for alice\n {2}new agent: no session has taught its baseline/)
  assert.match(linesOf(7), /of writer for alice\n {2}young agent: 7 sessions have taught its baseline/)
})

test('on a terminal the table says how much is refused and was worst, and what it leaves out', t => {
  const { view, written } = viewOn(t, true)
  for (let session = 0; session < 13; session += 1)
    view.show({
      kind: 'opened',
      sessionId: `0.${session}`,
      at: 1,
      human: 'alice',
      agentId: 'writer',
      platform: 'desk',
      parentSessionId: null,
    })
  const whole = '511.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b'
  view.show({
    kind: 'opened',
    sessionId: whole,
    at: 2,
    human: 'alice',
    agentId: 'writer',
    platform: 'desk',
    parentSessionId: null,
  })
  view.show({
    kind: 'denied',
    sessionId: '0.3',
    at: 2,
    invocationId: 'i',
    tool: 'a/b',
    reason: 'TOOL_UNKNOWN',
  })
  view.close()
  assert.match(written(), /SESSION +STANDING +WORST +SCORE +CALLS +REFUSED +AGENT +HUMAN +LAST CALL/)
  assert.match(written(), /0\.3 +unknown +unknown +— +0 +1 +writer +alice/)
  // As the kill switch takes it.
  assert.ok(written().includes(`${whole} unknown`))
  assert.match(written(), /… 2 more/)
})

test('a session that is suspended before a call of it is refused is explained', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { view, written } = viewOn(t, false)
  view.show({
    kind: 'opened',
    sessionId: '0.a',
    at: 1,
    human: 'alice',
    agentId: 'writer',
    platform: 'desk',
    parentSessionId: null,
  })
  view.show({
    kind: 'judged',
    gated: false,
    sessionId: '0.a',
    at: 2,
    standing: 'suspended',
    score: 62,
    evidence: 8,
    contributions: [{ signal: 'integrity', nats: 3, fact: 'the definition of mail/send changed' }],
    causedBy: null,
  })
  t.mock.timers.tick(1000)
  assert.equal(written(), '')
  t.mock.timers.tick(1000)
  assert.match(written(), /SUSPENDED {2}session 0\.a of writer for alice/)
  assert.match(written(), /evidence 8\.00 nats .*, for what it did so far:\n {4}\+3\.00 nats {2}integrity/)
})

test('the figures of a report add up, and make the score', t => {
  const { view, written } = viewOn(t, false)
  // By hand: −0.08 + 1.46 + 3.56 + 0.24 − 0.04 = 5.14, and 100·σ(−3.5 + 0.75·5.14) = 58.8.
  const nats = [-0.08, 1.46, 3.56, 0.24, -0.04]
  const score = 100 / (1 + Math.exp(-0.355))
  view.show({
    kind: 'judged',
    gated: true,
    sessionId: '0.a',
    at: 4,
    standing: 'verify',
    score,
    evidence: 5.14,
    contributions: nats.map((each, at) => ({ signal: `signal-${at}`, nats: each, fact: 'a fact' })),
    causedBy: 'i',
  })
  view.show({
    kind: 'denied',
    sessionId: '0.a',
    at: 5,
    invocationId: 'i',
    tool: 'a/b',
    reason: 'GATE_REFUSED',
  })
  assert.match(written(), /evidence 5\.14 nats .*, score 59 = 100·σ\(−3\.50 \+ 0\.75·5\.14\)/)
  const told = Array.from(written().matchAll(/([+−])(\d\.\d+) nats/g), ([, sign, figure]) =>
    Number(`${sign === '+' ? '' : '-'}${figure}`),
  )
  assert.deepEqual(told, nats)
})
