import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseAgentId } from '@cordon/foundation'

import { minuteMs, provider } from '../bundle-fixture.ts'
import { type IdentityFixture, issuer, newKey } from '../identity-fixture.ts'
import { codeOf, fixturesOfFile, subAgentRequest, valueOf } from '../session-fixture.ts'
import { statusOf } from './status-of.ts'

const { newSession } = fixturesOfFile()

const endsOf = (scene: IdentityFixture): readonly string[] =>
  scene.scorer.records.flatMap(({ value }) => ('reason' in value ? [value.reason] : []))

test('a session is closed once, by its key only, however often it is asked', async () => {
  const scene = await newSession()
  const { refreshToken } = scene.opened
  const close = async (key: ReturnType<typeof newKey>, token = refreshToken) =>
    codeOf(
      await scene.sessions.close({
        refreshToken: token,
        proof: scene.prove(key, { url: `${issuer}/revoke` }),
      }),
    )
  assert.equal(await close(newKey()), 'HOLDER_REFUSED')
  assert.equal(await close(scene.key, 'unknown'), 'granted')
  assert.deepEqual(endsOf(scene), [])
  assert.equal(await close(scene.key), 'granted')
  assert.equal(await close(scene.key), 'granted')
  assert.deepEqual(endsOf(scene), ['closed'])
})

test('an end that the log did not take is refused, stops renewal, and is written once the log is back', async () => {
  const scene = await newSession()
  const { refreshToken } = scene.opened
  scene.scorer.accepts = false
  const proof = scene.prove(scene.key, { url: `${issuer}/revoke` })
  assert.equal(codeOf(await scene.sessions.close({ refreshToken, proof })), 'LOG_UNAVAILABLE')
  assert.equal(await scene.renew(), 'SESSION_ENDED')
  scene.scorer.accepts = true
  const restarted = scene.restart()
  assert.deepEqual(
    (await restarted.endDue()).map(({ reason }) => reason),
    ['closed'],
  )
  assert.deepEqual(await restarted.endDue(), [])
  assert.deepEqual(endsOf(scene), ['closed'])
})

test('a session ends at its longest life, also where its platform goes on renewing', async () => {
  const scene = await newSession()
  for (let minutes = 0; minutes < 58; minutes += 4) {
    scene.clock.advance(4 * minuteMs)
    scene.sessions.acted(scene.opened.session.sessionId, scene.clock.now())
    const expected = minutes + 4 < 60 ? 'granted' : 'SESSION_ENDED'
    assert.equal(await scene.renew(), expected, `${minutes + 4} min`)
    if (expected === 'granted') assert.deepEqual(await scene.sessions.endDue(), [])
  }
  assert.deepEqual(
    (await scene.sessions.endDue()).map(({ reason }) => reason),
    ['expired'],
  )
  assert.deepEqual(await scene.sessions.endDue(), [])
})

test('a session whose platform stops renewing ends a grace after its last token', async () => {
  const scene = await newSession()
  scene.clock.advance(7 * minuteMs - 1)
  assert.deepEqual(await scene.sessions.endDue(), [])
  scene.clock.advance(1)
  const ended = await scene.sessions.endDue()
  assert.deepEqual(
    ended.map(({ reason }) => reason),
    ['not-renewed'],
  )
})

test('a session that is renewed and calls nothing ends as idle', async () => {
  const scene = await newSession()
  const { sessionId } = scene.opened.session
  for (let minutes = 0; minutes < 12; minutes += 3) {
    scene.clock.advance(3 * minuteMs)
    assert.equal(await scene.renew(), 'granted')
    if (minutes === 0) scene.sessions.acted(sessionId, scene.clock.now())
    assert.deepEqual(await scene.sessions.endDue(), [])
  }
  scene.clock.advance(minuteMs)
  const ended = await scene.sessions.endDue()
  assert.deepEqual(
    ended.map(({ reason }) => reason),
    ['idle'],
  )
})

test('after a restart nothing is idle that could not be seen', async () => {
  const scene = await newSession()
  for (let minutes = 0; minutes < 9; minutes += 3) {
    scene.clock.advance(3 * minuteMs)
    assert.equal(await scene.renew(), 'granted')
  }
  const restarted = scene.restart()
  scene.clock.advance(2 * minuteMs)
  assert.deepEqual(await restarted.endDue(), [])
})

test('a human who logs out at the provider takes their sessions along, by session or all', async () => {
  const scene = await newSession()
  const { clock, sessions } = scene
  await sessions.logOut({
    provider,
    eventId: 'e-1',
    human: null,
    humanSession: 's-2',
    revokedAt: clock.now(),
  })
  assert.deepEqual(endsOf(scene), [])
  await sessions.logOut({
    provider: 'https://other.example',
    eventId: 'e-1',
    human: 'alice',
    humanSession: null,
    revokedAt: clock.now(),
  })
  assert.deepEqual(endsOf(scene), [])
  await sessions.logOut({
    provider,
    eventId: 'e-2',
    human: null,
    humanSession: 's-1',
    revokedAt: clock.now(),
  })
  assert.deepEqual(endsOf(scene), ['logged-out'])
  assert.equal(await scene.renew(), 'SESSION_ENDED')
})

test('what a parent started ends when it ends, and when it is suspended', async () => {
  for (const standing of ['suspended', 'ended'] as const) {
    const scene = await newSession()
    const { sessions, opened } = scene
    const child = newKey()
    const sub = valueOf(await sessions.exchange(subAgentRequest(scene, scene, { key: child })))
    scene.scorer.standings.set(opened.session.sessionId, standing)
    const renewal = scene.renewal(child, sub)
    assert.equal(
      codeOf(await sessions.renew(renewal)),
      standing === 'suspended' ? 'SESSION_SUSPENDED' : 'SESSION_ENDED',
    )
    const ended = await sessions.endDue()
    assert.deepEqual(ended, [{ sessionId: sub.session.sessionId, reason: 'parent-ended' }])
  }
})

test('what a parent started is revoked with it: no renewal, no new one, not valid, and it ends', async () => {
  for (const scopeOf of [() => 'agent:agent-7', (id: string) => `session:${id}`]) {
    const scene = await newSession()
    const { sessions, key, opened, store } = scene
    const text = opened.issued.token
    const start = async (child: ReturnType<typeof newKey>) =>
      sessions.exchange(
        scene.request(child, {
          subject: { kind: 'parent', text },
          tools: ['files/read_file'],
          actorToken: scene.attest(child, { agentId: parseAgentId('agent-8') }),
          proof: { holder: scene.prove(child), parent: scene.prove(key, { tokenText: text }) },
        }),
      )
    const child = newKey()
    const sub = valueOf(await start(child))
    scene.revoked.add(scopeOf(opened.session.sessionId))
    assert.equal(codeOf(await sessions.renew(scene.renewal(child, sub))), 'REVOKED')
    assert.equal(codeOf(await start(newKey())), 'REVOKED')
    const stored = await store.find(sub.session.sessionId)
    assert.ok(stored)
    const facts = { standing: 'trusted', ancestorStandings: [], now: scene.clock.now() } as const
    assert.equal(statusOf(stored, { ...facts, revocations: scene.revoked }), 'suspended')
    assert.deepEqual(await sessions.endDue(), [{ sessionId: sub.session.sessionId, reason: 'parent-ended' }])
  }
})

test('a session that no database holds any more expires by the age in its id', async () => {
  const scene = await newSession()
  await scene.store.forget(scene.opened.session.sessionId)
  scene.clock.advance(60 * minuteMs - 1)
  assert.deepEqual(await scene.sessions.endDue(), [])
  scene.clock.advance(1)
  await scene.sessions.endDue()
  assert.deepEqual(endsOf(scene), ['expired'])
})

test('a log-out is remembered as long as a grant from before it could be shown, and no longer', async () => {
  const scene = await newSession()
  const dayMs = 24 * 60 * minuteMs
  const revokedAt = scene.clock.now()
  await scene.sessions.logOut({ provider, eventId: 'e-1', human: 'sue', humanSession: null, revokedAt })
  const remembered = async () => (await scene.database.query('select event_id from logged_out')).length
  scene.clock.advance(91 * dayMs - 1)
  await scene.sessions.purge()
  assert.equal(await remembered(), 1)
  scene.clock.advance(1)
  await scene.sessions.purge()
  assert.equal(await remembered(), 0)
})

test('what nobody can ask for any more is dropped', async () => {
  const scene = await newSession()
  const proof = scene.prove(scene.key, { url: `${issuer}/revoke` })
  await scene.sessions.close({ refreshToken: scene.opened.refreshToken, proof })
  scene.clock.advance(24 * 60 * minuteMs - 1)
  await scene.sessions.purge()
  assert.ok(await scene.store.find(scene.opened.session.sessionId))
  scene.clock.advance(1)
  await scene.sessions.purge()
  assert.equal(await scene.store.find(scene.opened.session.sessionId), undefined)
  assert.deepEqual(await scene.database.query('select digest from used_proofs'), [])
})
