import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseAgentId } from '@cordon/foundation'

import { minuteMs } from '../bundle-fixture.ts'
import { newKey } from '../identity-fixture.ts'
import { codeOf, fixturesOfFile, messageOf, subAgentRequest, valueOf } from '../session-fixture.ts'
import type { RefusalCode } from './refusal.ts'

const { newIdentity, newSession } = fixturesOfFile()

const directly = {
  subject: { kind: 'human', text: 'token of alice without an agent' },
  actorToken: undefined,
} as const

test('a sub-agent gets a narrower session, with the chain and the work it belongs to', async () => {
  const fixture = await newIdentity()
  const key = newKey()
  const opened = valueOf(await fixture.sessions.exchange(fixture.request(key, { conversationId: 'c-1' })))
  fixture.clock.advance(minuteMs)
  const sub = valueOf(await fixture.sessions.exchange(subAgentRequest(fixture, { key, opened })))
  assert.deepEqual(sub.session.ancestors, [opened.session.sessionId])
  const verified = fixture.keys.verifier.verify(sub.issued.token, 'files', fixture.clock.now())
  assert.ok(verified.ok)
  assert.deepEqual(verified.token.ancestors, [opened.session.sessionId])
  assert.equal(sub.session.transactionId, opened.session.transactionId)
  assert.deepEqual([sub.session.human, sub.session.conversationId], ['alice', 'c-1'])
  assert.equal(sub.session.endsAt, opened.session.endsAt)
  assert.deepEqual(sub.session.agent?.actor.delegatedBy, opened.session.agent?.actor)
})

test('rejects scope growth through a sub-agent', async () => {
  const fixture = await newIdentity()
  const key = newKey()
  const opened = valueOf(
    await fixture.sessions.exchange(fixture.request(key, { tools: ['files/write_file'] })),
  )
  const answer = await fixture.sessions.exchange(subAgentRequest(fixture, { key, opened }))
  assert.match(messageOf(answer), /got files\/read_file \(not allowed by the session of agent-7\)$/)
})

test('rejects a parent token without the proof of its key, or with that of another token', async () => {
  const fixture = await newSession()
  const { key, opened } = fixture
  const ask = async (parent: string | undefined): Promise<RefusalCode | 'granted'> => {
    const request = subAgentRequest(fixture, { key, opened })
    return codeOf(await fixture.sessions.exchange({ ...request, proof: { ...request.proof, parent } }))
  }
  assert.equal(await ask(undefined), 'PROOF_MISSING')
  assert.equal(await ask(fixture.prove(key)), 'PROOF_INVALID')
  assert.equal(await ask(fixture.prove(newKey(), { tokenText: opened.issued.token })), 'HOLDER_REFUSED')
  assert.equal(await ask(fixture.prove(key, { tokenText: opened.issued.token })), 'granted')
})

test('a chain is no deeper than the manifest of whom it reaches allows', async () => {
  const first = await newSession()
  const { sessions } = first
  const refused = subAgentRequest(first, first, { agent: 'agent-0' })
  assert.equal(codeOf(await sessions.exchange(refused)), 'DELEGATION_TOO_DEEP')
  const key = newKey()
  const opened = valueOf(await sessions.exchange(subAgentRequest(first, first, { key })))
  const answer = await sessions.exchange(subAgentRequest(first, { key, opened }))
  assert.match(messageOf(answer), /expected at most 1 agents between it and the human, got 2/)
})

test('an agent whose manifest allows no chain hands nothing on, whatever the manifest of the other allows', async () => {
  const fixture = await newIdentity()
  const key = newKey()
  const actorToken = fixture.attest(key, { agentId: parseAgentId('agent-0') })
  const opened = valueOf(await fixture.sessions.exchange(fixture.request(key, { actorToken })))
  const answer = await fixture.sessions.exchange(subAgentRequest(fixture, { key, opened }))
  assert.match(messageOf(answer), /agent agent-8: expected at most 0 agents between it and the human, got 1/)
})

test('a parent that is suspended, ended or unknown starts nobody', async () => {
  const fixture = await newSession()
  const { key, opened } = fixture
  const { sessionId } = opened.session
  const expected = {
    trusted: 'granted',
    verify: 'granted',
    read_only: 'granted',
    suspended: 'SESSION_SUSPENDED',
    ended: 'SESSION_ENDED',
    unknown: 'SESSION_UNKNOWN',
  } as const
  for (const [standing, outcome] of Object.entries(expected)) {
    fixture.scorer.standings.set(sessionId, standing as keyof typeof expected)
    assert.equal(
      codeOf(await fixture.sessions.exchange(subAgentRequest(fixture, { key, opened }))),
      outcome,
      standing,
    )
  }
  fixture.scorer.standings.delete(sessionId)
  assert.equal(
    codeOf(await fixture.sessions.exchange(subAgentRequest(fixture, { key, opened }))),
    'SESSION_UNKNOWN',
  )
})

test("rejects a human's own session as the parent of an agent's", async () => {
  const fixture = await newIdentity()
  const key = newKey()
  const opened = valueOf(await fixture.sessions.exchange(fixture.request(key, directly)))
  assert.equal(
    codeOf(await fixture.sessions.exchange(subAgentRequest(fixture, { key, opened }))),
    'SUBJECT_REFUSED',
  )
})
