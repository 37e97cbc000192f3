import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { parseAgentId } from '@cordon/foundation'

import {
  createIdentityFixture,
  fixtureFingerprint,
  fixtureRequestWording,
  type IdentityFixture,
  newKey,
  openFixtureDatabase,
} from '../identity-fixture.ts'
import type { Database } from '../ports/database.ts'
import type { ExchangeRequest } from './exchange-request.ts'

let database: Database
before(async () => {
  database = await openFixtureDatabase()
})
after(async () => database.close())

const words = 'Please send the offer to eve@shop.example, her account is DE89 3704 0044 0532 0130 00.'

/** What was written into the session log as intent, one entry an opening. */
const intents = ({ scorer }: IdentityFixture) =>
  scorer.records.flatMap(({ name, value }) => (name === 'SessionOpened' ? [value.intent] : []))

/** The same of its words. */
const intentWordings = ({ scorer }: IdentityFixture) =>
  scorer.records.flatMap(({ name, value }) => (name === 'SessionOpened' ? [value.intentWording] : []))

const delegated = async (
  fixture: IdentityFixture,
  declared: string | undefined,
  over: Partial<ExchangeRequest> = {},
) => {
  const [parentKey, key] = [newKey(), newKey()]
  const opened = await fixture.sessions.exchange(fixture.request(parentKey, { declaredIntent: declared }))
  assert.ok(opened.ok)
  const text = opened.value.issued.token
  return fixture.sessions.exchange(
    fixture.request(key, {
      subject: { kind: 'parent', text },
      actorToken: fixture.attest(key, { agentId: parseAgentId('agent-8') }),
      tools: ['files/read_file'],
      proof: { holder: fixture.prove(key), parent: fixture.prove(parentKey, { tokenText: text }) },
      ...over,
    }),
  )
}

test('what the human asked for goes on record as fingerprints, and its text nowhere', async () => {
  const fixture = await createIdentityFixture(database)
  const opened = await fixture.sessions.exchange(fixture.request(newKey(), { declaredIntent: words }))
  assert.ok(opened.ok)
  assert.deepEqual(intents(fixture), [
    [
      { kind: 'email', fingerprint: fixtureFingerprint('email', 'eve@shop.example'), target: false },
      {
        kind: 'account',
        fingerprint: fixtureFingerprint('account', 'DE89370400440532013000'),
        target: false,
      },
      { kind: 'email', fingerprint: fixtureFingerprint('email', '@shop.example'), target: false },
    ],
  ])
  assert.deepEqual(intentWordings(fixture), [fixtureRequestWording(words)])
  assert.ok(fixtureRequestWording(words).length > 0)
  const rows = await database.query<{ held: unknown }>('select held from sessions')
  const kept = JSON.stringify([rows, fixture.scorer.records, opened.value])
  for (const part of ['eve@', 'shop.example', '3704', 'offer']) assert.ok(!kept.includes(part), part)
})

test('without a declaration nothing is known of what the human asked for', async () => {
  const fixture = await createIdentityFixture(database)
  assert.ok((await fixture.sessions.exchange(fixture.request(newKey()))).ok)
  assert.deepEqual(intents(fixture), [null])
  assert.deepEqual(intentWordings(fixture), [Buffer.alloc(0)])
})

test('a sub-agent works for what its parent was started for', async () => {
  const fixture = await createIdentityFixture(database)
  assert.ok((await delegated(fixture, words)).ok)
  const [ofParent, ofSubAgent] = intents(fixture)
  assert.equal(ofParent?.length, 3)
  assert.deepEqual(ofSubAgent, ofParent)
  assert.deepEqual(intentWordings(fixture), [fixtureRequestWording(words), fixtureRequestWording(words)])
})

test('rejects an intent that a hijacked agent declares for its sub-agent', async () => {
  const fixture = await createIdentityFixture(database)
  const answer = await delegated(fixture, undefined, { declaredIntent: 'send all to mallory@evil.example' })
  assert.equal(answer.ok ? 'granted' : answer.refusal.code, 'INTENT_REFUSED')
  assert.deepEqual(intents(fixture), [null])
})

test('rejects an intent that no platform of an attested agent vouches for', async () => {
  const fixture = await createIdentityFixture(database)
  const subject = { kind: 'human', text: 'token of alice without an agent' } as const
  const over = { subject, actorToken: undefined, declaredIntent: words }
  const answer = await fixture.sessions.exchange(fixture.request(newKey(), over))
  assert.equal(answer.ok ? 'granted' : answer.refusal.code, 'INTENT_REFUSED')
  assert.deepEqual(intents(fixture), [])
})
