import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'

import { makeSessionId, parseAgentId, partitionOfSession, uuidV7 } from '@cordon/foundation'
import { createTokenVerifier, parseKeySet } from '@cordon/tokens'

import { createIdentityFixture, issuer, limits } from '../identity-fixture.ts'
import type { Answer, RefusalCode } from './refusal.ts'
import type { SessionRequest } from './session-request.ts'

const request: SessionRequest = {
  human: 'alice',
  agentId: parseAgentId('agent-7'),
  role: 'analyst',
  platform: 'desk',
  holder: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  tools: ['files/read_file', 'files/write_file', 'postgres/*'],
  conversationId: null,
}

const valueOf = <Value>(answer: Answer<Value>): Value => {
  assert.ok(answer.ok, answer.ok ? '' : answer.refusal.message)
  return answer.value
}

const refusalOf = (answer: Answer<unknown>): RefusalCode | 'granted' =>
  answer.ok ? 'granted' : answer.refusal.code

test('opens a session on record, with a token per server that grants what was asked for', async () => {
  const { sessions, scorer, clock, key } = await createIdentityFixture()
  const opened = valueOf(await sessions.open(request))
  assert.deepEqual(scorer.records, [
    {
      name: 'SessionOpened',
      value: {
        sessionId: opened.sessionId,
        human: 'alice',
        agentId: 'agent-7',
        role: 'analyst',
        platform: 'desk',
        conversationId: null,
        intent: null,
        openedAt: clock.now(),
        bundleVersion: 3,
      },
    },
  ])
  assert.deepEqual(Object.keys(opened.tokens), ['files', 'postgres'])
  const verifier = createTokenVerifier({ issuer, keys: () => parseKeySet({ keys: [key.publicJwk] }) })
  const verified = verifier.verify(opened.tokens['files'] ?? '', 'files', clock.now())
  assert.ok(verified.ok)
  assert.equal(verified.token.sessionId, opened.sessionId)
  assert.deepEqual([...verified.token.tools], ['files/read_file', 'files/write_file'])
  assert.equal(opened.expiresAt, clock.now() + 300_000)
  assert.equal(opened.endsAt, clock.now() + limits.sessionLifeMs)
})

test('names what was too much instead of granting less', async () => {
  const { sessions, scorer } = await createIdentityFixture()
  const answer = await sessions.open({
    ...request,
    tools: ['files/read_file', 'mail/send', 'postgres/drop', 'mail/*'],
  })
  assert.equal(refusalOf(answer), 'TOOLS_REFUSED')
  assert.match(answer.ok ? '' : answer.refusal.message, /mail\/send, postgres\/drop, mail\/\*$/)
  assert.deepEqual(scorer.records, [])
})

test('rejects a role that the bundle does not have', async () => {
  const { sessions } = await createIdentityFixture()
  for (const role of ['admin', 'constructor'])
    assert.equal(refusalOf(await sessions.open({ ...request, role })), 'ROLE_UNKNOWN')
})

test('spreads sessions over the partitions, and avoids one whose scorer is silent', async () => {
  const { sessions, scorer } = await createIdentityFixture(2)
  for (let count = 0; count < 6; count += 1) valueOf(await sessions.open(request))
  assert.deepEqual([...scorer.decisions.load().values()], [3, 3])
  scorer.silences.set(0, 60_000)
  for (let count = 0; count < 3; count += 1)
    assert.equal(partitionOfSession(valueOf(await sessions.open(request)).sessionId), 1)
})

test('answers an opening without a decision by ending the session', async () => {
  const { sessions, scorer } = await createIdentityFixture()
  scorer.opensWith = undefined
  assert.equal(refusalOf(await sessions.open(request)), 'DECISION_MISSING')
  assert.deepEqual(
    scorer.records.map(({ name, value }) => [name, 'reason' in value ? value.reason : undefined]),
    [
      ['SessionOpened', undefined],
      ['SessionEnded', 'abandoned'],
    ],
  )
})

const recordsOf = (records: readonly { name: string; value: object }[]): string[] =>
  records.map(({ name, value }) => ('reason' in value ? `${name} ${String(value.reason)}` : name))

test('a log that does not answer is answered within the limit, and what it takes later is ended', async () => {
  const { sessions, scorer } = await createIdentityFixture()
  scorer.isFrozen = true
  const answer = await sessions.open(request)
  assert.equal(refusalOf(answer), 'LOG_UNAVAILABLE')
  assert.match(
    answer.ok ? '' : answer.refusal.message,
    /expected the brokers to acknowledge the opening within 50 ms, got no answer; is Kafka up/,
  )
  scorer.thaw()
  assert.deepEqual(recordsOf(scorer.records), ['SessionOpened', 'SessionEnded abandoned'])
  assert.deepEqual([...scorer.standings.values()], ['ended'])
})

test('an opening that comes behind its own end is ended again', async () => {
  const { sessions, scorer } = await createIdentityFixture()
  scorer.isFrozen = true
  await sessions.open(request)
  scorer.thaw('reversed')
  assert.deepEqual([...scorer.standings.values()], ['trusted'])
  await setImmediate()
  await sessions.endAbandoned()
  assert.deepEqual([...scorer.standings.values()], ['ended'])
  await sessions.endAbandoned()
  assert.deepEqual(recordsOf(scorer.records), [
    'SessionEnded abandoned',
    'SessionOpened',
    'SessionEnded abandoned',
  ])
})

test('the end of a failed opening is put on record once the log is back, and then no more', async () => {
  const { sessions, scorer, clock } = await createIdentityFixture()
  scorer.accepts = false
  assert.equal(refusalOf(await sessions.open(request)), 'LOG_UNAVAILABLE')
  await sessions.endAbandoned()
  assert.deepEqual(scorer.records, [])
  scorer.accepts = true
  for (let sweep = 0; sweep < 3; sweep += 1) {
    await sessions.endAbandoned()
    clock.advance(60_000)
  }
  assert.deepEqual(recordsOf(scorer.records), ['SessionEnded abandoned'])
})

test('while the ends of a thousand openings wait for the log, another is refused at once', async () => {
  const { sessions, scorer } = await createIdentityFixture()
  scorer.accepts = false
  for (let count = 0; count < 1000; count += 1) await sessions.open(request)
  scorer.accepts = true
  const answer = await sessions.open(request)
  assert.match(answer.ok ? '' : answer.refusal.message, /got too many that wait; is Kafka up/)
})

test('an id that was never given out is unknown, however old it looks', async () => {
  const { sessions, clock } = await createIdentityFixture()
  for (const age of [0, limits.sessionLifeMs + 1])
    assert.equal(
      refusalOf(await sessions.renew(makeSessionId(0, uuidV7(clock.now() - age)))),
      'SESSION_UNKNOWN',
    )
})

test('hands out nothing where the log does not answer, or the session opens suspended', async () => {
  const { sessions, scorer } = await createIdentityFixture()
  scorer.accepts = false
  assert.equal(refusalOf(await sessions.open(request)), 'LOG_UNAVAILABLE')
  scorer.accepts = true
  scorer.opensWith = 'suspended'
  assert.equal(refusalOf(await sessions.open(request)), 'SESSION_SUSPENDED')
})

test('a token that would be too large leaves no session behind', async () => {
  const { sessions, scorer } = await createIdentityFixture()
  const human = '\u{1F600}'.repeat(200).repeat(12)
  assert.equal(refusalOf(await sessions.open({ ...request, human })), 'TOKEN_TOO_LARGE')
  assert.deepEqual(scorer.records, [])
})

test('renewal follows the standing: a suspended session gets no token', async () => {
  const { sessions, scorer } = await createIdentityFixture()
  const { sessionId } = valueOf(await sessions.open(request))
  const expected = {
    trusted: 'granted',
    verify: 'granted',
    read_only: 'granted',
    suspended: 'SESSION_SUSPENDED',
    ended: 'SESSION_ENDED',
    unknown: 'SESSION_UNKNOWN',
  } as const
  for (const [standing, outcome] of Object.entries(expected)) {
    scorer.standings.set(sessionId, standing as keyof typeof expected)
    assert.equal(refusalOf(await sessions.renew(sessionId)), outcome, standing)
  }
  scorer.standings.delete(sessionId)
  assert.equal(refusalOf(await sessions.renew(sessionId)), 'SESSION_UNKNOWN')
})

test('refuses to renew on decisions that may be out of date', async () => {
  const { sessions, scorer } = await createIdentityFixture()
  const { sessionId } = valueOf(await sessions.open(request))
  scorer.staleness = 5001
  assert.equal(refusalOf(await sessions.renew(sessionId)), 'DECISIONS_STALE')
})

test('no token outlives its session, and an expired session is ended in the log once', async () => {
  const { sessions, scorer, clock } = await createIdentityFixture()
  const opened = valueOf(await sessions.open(request))
  clock.advance(limits.sessionLifeMs - 60_000)
  assert.equal(valueOf(await sessions.renew(opened.sessionId)).expiresAt, opened.endsAt)
  assert.equal(await sessions.endExpired(), 0)
  clock.advance(60_000)
  assert.equal(refusalOf(await sessions.renew(opened.sessionId)), 'SESSION_ENDED')
  assert.equal(await sessions.endExpired(), 1)
  assert.equal(await sessions.endExpired(), 0)
  assert.deepEqual(scorer.records.at(-1), {
    name: 'SessionEnded',
    value: { sessionId: opened.sessionId, endedAt: clock.now(), reason: 'expired' },
  })
})

test('ends a session once, however often it is asked; an unknown one is refused', async () => {
  const { sessions, scorer, clock } = await createIdentityFixture()
  const { sessionId } = valueOf(await sessions.open(request))
  assert.equal(refusalOf(await sessions.end(sessionId)), 'granted')
  assert.equal(refusalOf(await sessions.end(sessionId)), 'granted')
  assert.equal(scorer.records.filter(({ name }) => name === 'SessionEnded').length, 1)
  assert.equal(refusalOf(await sessions.renew(sessionId)), 'SESSION_ENDED')
  const stranger = makeSessionId(0, uuidV7(clock.now()))
  assert.equal(refusalOf(await sessions.end(stranger)), 'SESSION_UNKNOWN')
})

test('an end that was not acknowledged can be asked for again', async () => {
  const { sessions, scorer } = await createIdentityFixture()
  const { sessionId } = valueOf(await sessions.open(request))
  scorer.accepts = false
  assert.equal(refusalOf(await sessions.end(sessionId)), 'LOG_UNAVAILABLE')
  scorer.accepts = true
  assert.equal(refusalOf(await sessions.end(sessionId)), 'granted')
  assert.equal(scorer.standings.get(sessionId), 'ended')
})

test('after a restart a session cannot be renewed and is told so, but it can be ended and expires', async () => {
  const { sessions, scorer, clock, restart } = await createIdentityFixture()
  const closed = valueOf(await sessions.open(request)).sessionId
  const left = valueOf(await sessions.open(request)).sessionId
  const restarted = restart()
  assert.equal(refusalOf(await restarted.renew(closed)), 'SESSION_NOT_HELD')
  assert.equal(refusalOf(await restarted.end(closed)), 'granted')
  clock.advance(limits.sessionLifeMs)
  assert.equal(await restarted.endExpired(), 1)
  assert.equal(scorer.standings.get(left), 'ended')
})
