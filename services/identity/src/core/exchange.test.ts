import assert from 'node:assert/strict'
import { test } from 'node:test'

import { makeSessionId, parseAgentId, uuidV7 } from '@cordon/foundation'

import { codeDigest, minuteMs, provider } from '../bundle-fixture.ts'
import { type IdentityFixture, issuer, newKey } from '../identity-fixture.ts'
import { codeOf, fixturesOfFile, messageOf, subAgentRequest, valueOf } from '../session-fixture.ts'
import type { ExchangeRequest } from './exchange-request.ts'
import type { RefusalCode } from './refusal.ts'

const { newIdentity } = fixturesOfFile()

/** By a client whose humans may. */
const directly: Partial<ExchangeRequest> = {
  subject: { kind: 'human', text: 'token of alice without an agent' },
  actorToken: undefined,
}

test('human and attested agent become a session on record, with a token that binds all of them', async () => {
  const fixture = await newIdentity()
  const { sessions, scorer, clock, keys } = fixture
  const key = newKey()
  const { session, issued } = valueOf(
    await sessions.exchange(fixture.request(key, { conversationId: 'c-1' })),
  )
  const verified = keys.verifier.verify(issued.token, 'files', clock.now())
  assert.ok(verified.ok)
  const { token } = verified
  assert.deepEqual([...token.tools], ['files/read_file', 'files/write_file'])
  assert.deepEqual(
    [token.human, token.agentId, token.platform, token.role, token.clearance, token.deployer],
    ['alice', 'agent-7', 'desk', 'analyst', 2, 'acme'],
  )
  assert.deepEqual([token.holder, token.humanSession, token.conversationId], [key.thumbprint, 's-1', 'c-1'])
  assert.deepEqual(token.posture, { codeDigest, attester: 'prover' })
  assert.equal(token.actor?.delegatedBy, undefined)
  assert.equal(token.expiresAt, clock.now() + 5 * minuteMs)
  assert.equal(session.endsAt, clock.now() + 60 * minuteMs)
  assert.match(token.status.uri, /^https:\/\/identity\.example\/status\/\d+$/)
  assert.deepEqual(scorer.records, [
    {
      name: 'SessionOpened',
      value: {
        sessionId: session.sessionId,
        openedAt: clock.now(),
        human: 'alice',
        agentId: 'agent-7',
        platform: 'desk',
        role: 'analyst',
        conversationId: 'c-1',
        intent: null,
        intentWording: Buffer.alloc(0),
        bundleVersion: 3,
        deployer: 'acme',
        manifestHash: token.provenance?.manifestHash,
        holder: key.thumbprint,
        humanSession: 's-1',
        parentSessionId: null,
        transactionId: token.transactionId,
      },
    },
  ])
})

test('names what was too much and by whom it is not allowed, instead of granting less', async () => {
  const fixture = await newIdentity()
  const tools = ['files/read_file', 'files/wipe', 'mail/send', 'postgres/drop', 'files/*']
  const answer = await fixture.sessions.exchange(fixture.request(newKey(), { tools }))
  assert.equal(codeOf(answer), 'TOOLS_REFUSED')
  assert.equal(
    messageOf(answer),
    'authorization_details: expected tools that all sides allow, got ' +
      'files/wipe (sensitivity 3 is above clearance 2); ' +
      'mail/send (not allowed by the human alice, not allowed by the deployer acme, not allowed by the manifest of agent-7); ' +
      'postgres/drop (not in the catalogue); ' +
      'files/* (sensitivity 3 is above clearance 2)',
  )
  assert.deepEqual(fixture.scorer.records, [])
})

test('rejects deployer bypass: a tool that manifest and human allow and the deployer does not', async () => {
  const fixture = await newIdentity()
  fixture.humans.set('token of alice', {
    human: 'alice',
    role: 'analyst',
    tools: ['files/*', 'mail/*'],
    clearance: 2,
  })
  const key = newKey()
  const answer = await fixture.sessions.exchange(
    fixture.request(key, {
      actorToken: fixture.attest(key, { agentId: parseAgentId('agent-8') }),
      tools: ['files/read_file', 'mail/send'],
    }),
  )
  assert.match(messageOf(answer), /got mail\/send \(not allowed by the deployer acme\)$/)
})

test('a human without an agent uses tools directly, by the same issuer and keys', async () => {
  const fixture = await newIdentity()
  const opened = valueOf(await fixture.sessions.exchange(fixture.request(newKey(), directly)))
  const verified = fixture.keys.verifier.verify(opened.issued.token, 'files', fixture.clock.now())
  assert.ok(verified.ok)
  assert.deepEqual(
    [verified.token.agentId, verified.token.actor, verified.token.platform],
    ['human', undefined, 'cordon-direct'],
  )
})

test('a human who is not signed in any more opens nothing, nor does their agent for another', async () => {
  const fixture = await newIdentity()
  const key = newKey()
  const opened = valueOf(await fixture.sessions.exchange(fixture.request(key)))
  fixture.signedOut.add('alice')
  assert.equal(codeOf(await fixture.sessions.exchange(fixture.request(newKey()))), 'HUMAN_LOGGED_OUT')
  const child = subAgentRequest(fixture, { key, opened })
  assert.equal(codeOf(await fixture.sessions.exchange(child)), 'HUMAN_LOGGED_OUT')
  fixture.signedOut.clear()
  assert.equal(codeOf(await fixture.sessions.exchange(fixture.request(newKey()))), 'granted')
})

test('a human of a client that the bundle does not name for it uses nothing without an agent', async () => {
  const fixture = await newIdentity()
  const answer = await fixture.sessions.exchange(fixture.request(newKey(), { actorToken: undefined }))
  assert.equal(codeOf(answer), 'ACTOR_REFUSED')
  assert.match(messageOf(answer), /because humans of cordon-connect use tools through one, got none/)
})

test('an automation acts for its sponsor, within the grant, with its agent only, and never longer', async () => {
  const fixture = await newIdentity()
  const { sessions, clock } = fixture
  const ask = async (key = newKey(), over: Partial<ExchangeRequest> = {}, grant = fixture.grant()) =>
    sessions.exchange(
      fixture.request(key, {
        subject: { kind: 'automation', text: grant },
        tools: ['files/read_file'],
        ...over,
      }),
    )
  const { session } = valueOf(await ask())
  assert.deepEqual([session.human, session.endsAt], ['sue', clock.now() + 30 * minuteMs])
  assert.match(
    messageOf(await ask(newKey(), { tools: ['files/write_file'] })),
    /files\/write_file \(not allowed by the grant of operations\)/,
  )
  const other = newKey()
  const attestation = fixture.attest(other, { agentId: parseAgentId('agent-8') })
  assert.equal(codeOf(await ask(other, { actorToken: attestation })), 'SUBJECT_REFUSED')
  assert.equal(codeOf(await ask(newKey(), { actorToken: undefined })), 'ACTOR_REFUSED')
  const grant = fixture.grant()
  clock.advance(31 * minuteMs)
  assert.match(messageOf(await ask(newKey(), {}, grant)), /got EXPIRED/)
})

test('an agent that the human did not consent to is refused', async () => {
  const fixture = await newIdentity()
  fixture.humans.set('token of alice', {
    human: 'alice',
    role: 'analyst',
    tools: ['files/*', 'postgres/query'],
    clearance: 2,
    agent: 'agent-8',
  })
  const answer = await fixture.sessions.exchange(fixture.request(newKey()))
  assert.equal(codeOf(answer), 'SUBJECT_REFUSED')
})

test('rejects an attestation for another key, of other code, another platform and an unknown agent', async () => {
  const fixture = await newIdentity()
  const table: readonly (readonly [Parameters<IdentityFixture['attest']>[1], RefusalCode])[] = [
    [{ holderJwk: newKey().publicJwk }, 'HOLDER_REFUSED'],
    [{ codeDigest: '0'.repeat(64) }, 'CODE_UNKNOWN'],
    [{ platform: 'shop' }, 'PLATFORM_REFUSED'],
    [{ platform: 'elsewhere' }, 'ACTOR_REFUSED'],
    [{ attester: 'nobody' }, 'ACTOR_REFUSED'],
    [{ audience: 'https://other.example' }, 'ACTOR_REFUSED'],
    [{ agentId: parseAgentId('agent-9') }, 'AGENT_UNKNOWN'],
    [{ agentId: parseAgentId('human') }, 'AGENT_UNKNOWN'],
    [{ agentId: parseAgentId('constructor') }, 'AGENT_UNKNOWN'],
  ]
  for (const [over, code] of table) {
    const key = newKey()
    const request = fixture.request(key, { actorToken: fixture.attest(key, over) })
    assert.equal(codeOf(await fixture.sessions.exchange(request)), code, JSON.stringify(over))
  }
  assert.deepEqual(fixture.scorer.records, [])
})

test('rejects subject and actor swapped', async () => {
  const fixture = await newIdentity()
  const key = newKey()
  const swapped = fixture.request(key, {
    subject: { kind: 'automation', text: fixture.attest(key) },
    actorToken: fixture.grant(),
  })
  assert.equal(codeOf(await fixture.sessions.exchange(swapped)), 'SUBJECT_REFUSED')
  const actor = fixture.request(key, { actorToken: fixture.grant() })
  assert.equal(codeOf(await fixture.sessions.exchange(actor)), 'ACTOR_REFUSED')
})

test('rejects a request without proof, with one of another request, and with one shown before', async () => {
  const fixture = await newIdentity()
  const key = newKey()
  const ask = async (holder: string): Promise<RefusalCode | 'granted'> =>
    codeOf(await fixture.sessions.exchange(fixture.request(key, { proof: { holder, parent: undefined } })))
  assert.equal(await ask(''), 'PROOF_MISSING')
  assert.equal(await ask(fixture.prove(key, { url: `${issuer}/revoke` })), 'PROOF_INVALID')
  assert.equal(await ask(fixture.prove(key, { issuedAt: fixture.clock.now() - 61_000 })), 'PROOF_INVALID')
  assert.equal(await ask(fixture.prove(newKey())), 'HOLDER_REFUSED')
  const proof = fixture.prove(key, { proofId: 'once' })
  assert.equal(await ask(proof), 'granted')
  assert.equal(await ask(proof), 'PROOF_REPLAYED')
  assert.equal(await ask(fixture.prove(key, { proofId: 'once' })), 'PROOF_REPLAYED')
})

test('of one proof that is shown twice at once, one opens a session', async () => {
  const fixture = await newIdentity()
  const key = newKey()
  const request = fixture.request(key)
  const answers = await Promise.all([1, 2, 3].map(async () => fixture.sessions.exchange(request)))
  assert.deepEqual(answers.map(codeOf).sort(), ['PROOF_REPLAYED', 'PROOF_REPLAYED', 'granted'])
})

test('what is revoked opens nothing', async () => {
  const fixture = await newIdentity()
  for (const scope of ['everything:*', 'human:alice', 'agent:agent-7', 'platform:desk']) {
    fixture.revoked.add(scope)
    const answer = await fixture.sessions.exchange(fixture.request(newKey()))
    assert.equal(messageOf(answer), `session: expected nothing revoked, got ${scope}`)
    fixture.revoked.clear()
  }
  fixture.revoked.add('tool:files/write_file')
  const answer = await fixture.sessions.exchange(fixture.request(newKey()))
  assert.match(messageOf(answer), /got files\/write_file \(revoked\)$/)
})

test('rejects an ID token from before its human logged out', async () => {
  const fixture = await newIdentity()
  const { sessions, clock } = fixture
  const logOut = { provider, eventId: 'e-1', human: 'alice', humanSession: null, revokedAt: clock.now() }
  await sessions.logOut(logOut)
  assert.equal(codeOf(await sessions.exchange(fixture.request(newKey()))), 'HUMAN_LOGGED_OUT')
  clock.advance(1000)
  assert.equal(codeOf(await sessions.exchange(fixture.request(newKey()))), 'granted')
})

test('the token is for a server that was asked for', async () => {
  const fixture = await newIdentity()
  const answer = await fixture.sessions.exchange(fixture.request(newKey(), { server: 'mail' }))
  assert.equal(codeOf(answer), 'SERVER_REFUSED')
  const unknown = makeSessionId(0, uuidV7(fixture.clock.now()))
  assert.equal(await fixture.store.find(unknown), undefined)
})
