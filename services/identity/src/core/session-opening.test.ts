import assert from 'node:assert/strict'
import { test } from 'node:test'

import { partitionOfSession } from '@cordon/foundation'

import { bundleOf, bundleText } from '../bundle-fixture.ts'
import { type IdentityFixture, newKey } from '../identity-fixture.ts'
import { codeOf, fixturesOfFile, messageOf, valueOf } from '../session-fixture.ts'

const { newIdentity } = fixturesOfFile()

test('spreads sessions over the partitions, and avoids one whose scorer is silent', async () => {
  const fixture = await newIdentity()
  const { sessions, scorer } = fixture
  for (let count = 0; count < 6; count += 1) valueOf(await sessions.exchange(fixture.request(newKey())))
  assert.deepEqual([...scorer.decisions.load().values()], [3, 3])
  scorer.silences.set(0, 60_000)
  for (let count = 0; count < 3; count += 1) {
    const { session } = valueOf(await sessions.exchange(fixture.request(newKey())))
    assert.equal(partitionOfSession(session.sessionId), 1)
  }
})

const recordsOf = (fixture: IdentityFixture): readonly string[] =>
  fixture.scorer.records.map(({ name, value }) => ('reason' in value ? `${name} ${value.reason}` : name))

test('answers an opening without a decision by ending the session', async () => {
  const fixture = await newIdentity()
  fixture.scorer.opensWith = undefined
  assert.equal(codeOf(await fixture.sessions.exchange(fixture.request(newKey()))), 'DECISION_MISSING')
  assert.deepEqual(recordsOf(fixture), ['SessionOpened', 'SessionEnded abandoned'])
  await fixture.sessions.endDue()
  await fixture.sessions.endDue()
  assert.deepEqual(recordsOf(fixture), ['SessionOpened', 'SessionEnded abandoned'])
})

test('a log that does not answer is answered within the limit, and what it takes later is ended', async () => {
  const fixture = await newIdentity()
  const { scorer, sessions } = fixture
  scorer.isFrozen = true
  const answer = await sessions.exchange(fixture.request(newKey()))
  assert.equal(codeOf(answer), 'LOG_UNAVAILABLE')
  assert.match(messageOf(answer), /within 50 ms, got no answer; is Kafka up/)
  scorer.thaw()
  assert.deepEqual(recordsOf(fixture), ['SessionOpened', 'SessionEnded abandoned'])
  assert.deepEqual([...scorer.standings.values()], ['ended'])
})

test('while the ends of a thousand openings wait for the log, another is refused at once', async () => {
  const fixture = await newIdentity()
  fixture.scorer.accepts = false
  await Promise.all(
    Array.from({ length: 1000 }, async () => fixture.sessions.exchange(fixture.request(newKey()))),
  )
  fixture.scorer.accepts = true
  const answer = await fixture.sessions.exchange(fixture.request(newKey()))
  assert.match(messageOf(answer), /got too many that wait; is Kafka up/)
})

test('a token that would be too large leaves no session behind', async () => {
  const fixture = await newIdentity()
  const catalogue = Object.fromEntries(
    Array.from({ length: 400 }, (_, tool) => [
      `files/${tool}-${'x'.repeat(100)}`,
      { readOnly: true, sensitivity: 0, mode: 'enforce' },
    ]),
  )
  fixture.bundle = bundleOf({ ...bundleText, catalogue })
  const answer = await fixture.sessions.exchange(fixture.request(newKey(), { tools: Object.keys(catalogue) }))
  assert.equal(codeOf(answer), 'TOKEN_TOO_LARGE')
  assert.deepEqual(fixture.scorer.records, [])
  assert.deepEqual(await fixture.database.query('select session_id from sessions'), [])
})

test('a session whose token cannot be issued is not left open, whatever is wrong with it', async () => {
  const fixture = await newIdentity()
  const alice = fixture.humans.get('token of alice')
  assert.ok(alice)
  // Beyond what a session token takes: the verifier of ID tokens refuses it, and nothing here relies on that.
  fixture.humans.set('token of alice', { ...alice, authenticatedAt: 0 })
  await assert.rejects(fixture.sessions.exchange(fixture.request(newKey())), { code: 'TOKEN_CLAIMS_INVALID' })
  assert.deepEqual(await fixture.database.query('select session_id from sessions'), [])
})

test('hands out nothing where no bundle is valid, or the session opens suspended', async () => {
  const fixture = await newIdentity()
  fixture.scorer.opensWith = 'suspended'
  assert.equal(codeOf(await fixture.sessions.exchange(fixture.request(newKey()))), 'SESSION_SUSPENDED')
  fixture.bundle = undefined
  assert.equal(codeOf(await fixture.sessions.exchange(fixture.request(newKey()))), 'BUNDLE_MISSING')
})
