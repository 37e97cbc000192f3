import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { parseAgentId } from '@cordon/foundation'

import {
  bundleOf,
  bundleText,
  createIdentityFixture,
  type IdentityFixture,
  issuer,
  minuteMs,
  newKey,
  openFixtureDatabase,
  provider,
} from '../identity-fixture.ts'
import type { Database } from '../ports/database.ts'
import type { RenewalRequest } from './exchange-request.ts'
import type { OpenedSession } from './exchange.ts'
import type { Answer, RefusalCode } from './refusal.ts'
import { statusOf } from './status-of.ts'

let database: Database
before(async () => {
  database = await openFixtureDatabase()
})
after(async () => database.close())

const valueOf = <Value>(answer: Answer<Value>): Value => {
  assert.ok(answer.ok, answer.ok ? '' : `${answer.refusal.code} ${answer.refusal.message}`)
  return answer.value
}

const codeOf = (answer: Answer<unknown>): RefusalCode | 'granted' =>
  answer.ok ? 'granted' : answer.refusal.code

interface Scene extends IdentityFixture {
  readonly key: ReturnType<typeof newKey>
  readonly opened: OpenedSession
  readonly renew: (over?: Partial<RenewalRequest>) => Promise<RefusalCode | 'granted'>
}

const openScene = async (): Promise<Scene> => {
  const fixture = await createIdentityFixture(database)
  const key = newKey()
  const opened = valueOf(await fixture.sessions.exchange(fixture.request(key)))
  return Object.assign(fixture, {
    key,
    opened,
    renew: async (over?: Partial<RenewalRequest>) =>
      codeOf(await fixture.sessions.renew(fixture.renewal(key, opened, over))),
  })
}

test('renewal gives the token of any server of the session, and of no other', async () => {
  const scene = await openScene()
  const { sessions, key, opened, clock } = scene
  const renewed = valueOf(await sessions.renew(scene.renewal(key, opened, { server: 'postgres' })))
  const verified = scene.keys.verifier.verify(renewed.issued.token, 'postgres', clock.now())
  assert.ok(verified.ok)
  assert.deepEqual([...verified.token.tools], ['postgres/query'])
  assert.equal(await scene.renew({ server: 'mail' }), 'SERVER_REFUSED')
})

test('renewal follows the standing: a suspended session gets no token', async () => {
  const scene = await openScene()
  const { sessionId } = scene.opened.session
  const expected = {
    trusted: 'granted',
    verify: 'granted',
    read_only: 'granted',
    suspended: 'SESSION_SUSPENDED',
    ended: 'SESSION_ENDED',
    unknown: 'SESSION_UNKNOWN',
  } as const
  for (const [standing, outcome] of Object.entries(expected)) {
    scene.scorer.standings.set(sessionId, standing as keyof typeof expected)
    assert.equal(await scene.renew(), outcome, standing)
  }
  scene.scorer.standings.delete(sessionId)
  assert.equal(await scene.renew(), 'SESSION_UNKNOWN')
})

test('refuses to renew on decisions that may be out of date', async () => {
  const scene = await openScene()
  scene.scorer.staleness = 5001
  assert.equal(await scene.renew(), 'DECISIONS_STALE')
})

test('rejects a stolen refresh token without its key, and a made-up one', async () => {
  const scene = await openScene()
  const thief = newKey()
  const stolen = scene.renewal(thief, scene.opened)
  assert.equal(codeOf(await scene.sessions.renew(stolen)), 'HOLDER_REFUSED')
  assert.equal(await scene.renew({ refreshToken: 'made up' }), 'SESSION_UNKNOWN')
})

test('rejects a replayed proof, also after a restart', async () => {
  const scene = await openScene()
  const proof = { holder: scene.prove(scene.key, { proofId: 'once' }), parent: undefined }
  assert.equal(await scene.renew({ proof }), 'granted')
  assert.equal(await scene.renew({ proof }), 'PROOF_REPLAYED')
  const again = scene.renewal(scene.key, scene.opened, { proof })
  assert.equal(codeOf(await scene.restart().renew(again)), 'PROOF_REPLAYED')
})

test('renewal wants a fresh attestation, of the same agent, code and key', async () => {
  const scene = await openScene()
  const { key } = scene
  const table: readonly (readonly [string | undefined, RefusalCode])[] = [
    [undefined, 'ACTOR_REFUSED'],
    [scene.attest(key, { agentId: parseAgentId('agent-8') }), 'ACTOR_REFUSED'],
    [scene.attest(key, { holderJwk: newKey().publicJwk }), 'HOLDER_REFUSED'],
    [scene.attest(key, { codeDigest: '0'.repeat(64) }), 'CODE_UNKNOWN'],
  ]
  for (const [actorToken, code] of table) assert.equal(await scene.renew({ actorToken }), code)
  const old = scene.attest(key)
  scene.clock.advance(11 * minuteMs)
  assert.equal(await scene.renew({ actorToken: old }), 'ACTOR_REFUSED')
})

test('a manifest, a deployer or a sponsor that changed since stops renewal', async () => {
  const changes: readonly (readonly [
    (identity: Record<string, Record<string, object>>) => object,
    RefusalCode,
  ])[] = [
    [
      identity => ({ agents: { 'agent-7': { ...identity['agents']?.['agent-7'], model: 'model-2' } } }),
      'MANIFEST_CHANGED',
    ],
    [() => ({ agents: {} }), 'AGENT_UNKNOWN'],
    [() => ({ deployers: { acme: { tools: ['files/read_file'] } } }), 'TOOLS_REFUSED'],
    [() => ({ attesters: {} }), 'ACTOR_REFUSED'],
    [() => ({ buildKeys: {} }), 'CODE_UNKNOWN'],
    [() => ({ providers: {} }), 'SUBJECT_REFUSED'],
  ]
  for (const [change, code] of changes) {
    const scene = await openScene()
    const { identity } = bundleText as { identity: Record<string, Record<string, object>> }
    scene.bundle = bundleOf({ ...bundleText, identity: { ...identity, ...change(identity) } })
    assert.equal(await scene.renew(), code)
  }
})

test('renewal asks the bundle in force what an exchange would ask it', async () => {
  type Document = typeof bundleText & {
    catalogue: Record<string, { sensitivity: number }>
    roles: object
    identity: {
      providers: Record<
        string,
        { roles: { role: string }[]; entitlements: { value: string }[]; clearances: unknown[] }
      >
    }
  }
  const ofProvider = (document: Document) => document.identity.providers[provider]!
  const changes: readonly (readonly [string, (document: Document) => void, RefusalCode])[] = [
    ['a tool above the clearance', d => (d.catalogue['files/read_file']!.sensitivity = 3), 'TOOLS_REFUSED'],
    ['a tool that is gone', d => delete d.catalogue['files/write_file'], 'TOOLS_REFUSED'],
    ['a role that is gone', d => (d.roles = { operator: { priorLogit: -4 } }), 'ROLE_UNKNOWN'],
    ['claims that mean no role', d => (ofProvider(d).roles = []), 'ROLE_UNKNOWN'],
    ['claims that entitle to nothing', d => (ofProvider(d).entitlements = []), 'TOOLS_REFUSED'],
    ['claims that clear for nothing', d => (ofProvider(d).clearances = []), 'SUBJECT_REFUSED'],
  ]
  for (const [what, change, code] of changes) {
    const scene = await openScene()
    const document = structuredClone(bundleText) as Document
    change(document)
    scene.bundle = bundleOf(document)
    assert.equal(await scene.renew(), code, what)
  }
})

/** An automation of sue's, for the agent that its grant names. */
const automate = async (over: Parameters<IdentityFixture['grant']>[0] = {}) => {
  const fixture = await createIdentityFixture(database)
  const key = newKey()
  const subject = { kind: 'automation', text: fixture.grant(over) } as const
  const asked = () => fixture.request(key, { subject, tools: ['files/read_file'] })
  const opened = valueOf(await fixture.sessions.exchange(asked()))
  const renew = async () => codeOf(await fixture.sessions.renew(fixture.renewal(key, opened)))
  const delegate = async (agentId: string) => {
    const child = newKey()
    const text = opened.issued.token
    return codeOf(
      await fixture.sessions.exchange(
        fixture.request(child, {
          subject: { kind: 'parent', text },
          tools: ['files/read_file'],
          actorToken: fixture.attest(child, { agentId: parseAgentId(agentId) }),
          proof: { holder: fixture.prove(child), parent: fixture.prove(key, { tokenText: text }) },
        }),
      ),
    )
  }
  return Object.assign(fixture, { key, opened, asked, renew, delegate })
}

test('a sponsor who lost tools, clearance or key ends what was granted before', async () => {
  const losses: readonly (readonly [object, RefusalCode])[] = [
    [{ tools: ['mail/send'] }, 'TOOLS_REFUSED'],
    [{ clearance: 0 }, 'SUBJECT_REFUSED'],
    [{ key: newKey().publicJwk }, 'SUBJECT_REFUSED'],
    [{ human: 'bob' }, 'SUBJECT_REFUSED'],
  ]
  for (const [loss, code] of losses) {
    const scene = await automate()
    assert.equal(await scene.renew(), 'granted')
    const { identity } = bundleText as { identity: { sponsors: { operations: object } } }
    const sponsors = { operations: { ...scene.bundle?.identity.sponsors['operations'], ...loss } }
    scene.bundle = bundleOf({ ...bundleText, identity: { ...identity, sponsors } })
    assert.equal(await scene.renew(), code, JSON.stringify(loss))
  }
})

test('a grant is withdrawn by its id, and with all sessions of its sponsor at a provider', async () => {
  const scene = await automate({ grantId: 'g-1' })
  const verified = scene.keys.verifier.verify(scene.opened.issued.token, 'files', scene.clock.now())
  assert.equal(verified.ok && verified.token.grantId, 'g-1')
  scene.revoked.add('grant:g-1')
  assert.equal(await scene.renew(), 'REVOKED')
  assert.equal(codeOf(await scene.sessions.exchange(scene.asked())), 'REVOKED')
  scene.revoked.clear()
  const ended = { provider, human: 'sue', revokedAt: scene.clock.now() }
  await scene.sessions.logOut({ ...ended, eventId: 'e-1', humanSession: 's-9' })
  assert.equal(await scene.renew(), 'granted')
  await scene.sessions.logOut({ ...ended, eventId: 'e-2', humanSession: null })
  assert.equal(await scene.renew(), 'SESSION_ENDED')
  assert.equal(codeOf(await scene.sessions.exchange(scene.asked())), 'HUMAN_LOGGED_OUT')
})

test('a grant is for its agent: it hands nothing on to another unless the grant says so', async () => {
  assert.equal(await (await automate()).delegate('agent-8'), 'SUBJECT_REFUSED')
  assert.equal(await (await automate({ mayDelegate: false })).delegate('agent-8'), 'SUBJECT_REFUSED')
  assert.equal(await (await automate({ mayDelegate: true })).delegate('agent-8'), 'granted')
})

test('what is revoked is not renewed', async () => {
  const scene = await openScene()
  const { sessionId } = scene.opened.session
  const scopes = ['everything:*', 'human:alice', 'agent:agent-7', 'platform:desk', `session:${sessionId}`]
  for (const scope of scopes) {
    scene.revoked.add(scope)
    assert.equal(await scene.renew(), 'REVOKED', scope)
    scene.revoked.clear()
  }
  scene.revoked.add('tool:files/*')
  assert.equal(await scene.renew(), 'TOOLS_REFUSED')
})

test('a human who signed out has no renewal', async () => {
  const scene = await openScene()
  scene.signedOut.add('alice')
  assert.equal(await scene.renew(), 'HUMAN_LOGGED_OUT')
})

test('after a restart sessions are renewed and ended as if nothing had happened', async () => {
  const scene = await openScene()
  const restarted = scene.restart()
  assert.equal(codeOf(await restarted.renew(scene.renewal(scene.key, scene.opened))), 'granted')
  const proof = scene.prove(scene.key, { url: `${issuer}/revoke` })
  const { refreshToken } = scene.opened
  assert.equal(codeOf(await restarted.close({ refreshToken, proof })), 'granted')
  assert.equal(scene.scorer.standings.get(scene.opened.session.sessionId), 'ended')
  assert.equal(codeOf(await restarted.renew(scene.renewal(scene.key, scene.opened))), 'SESSION_ENDED')
})

const endsOf = (scene: IdentityFixture): readonly string[] =>
  scene.scorer.records.flatMap(({ value }) => ('reason' in value ? [value.reason] : []))

test('a session is closed once, by its key only, however often it is asked', async () => {
  const scene = await openScene()
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
  const scene = await openScene()
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
  const scene = await openScene()
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
  const scene = await openScene()
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
  const scene = await openScene()
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
  const scene = await openScene()
  for (let minutes = 0; minutes < 9; minutes += 3) {
    scene.clock.advance(3 * minuteMs)
    assert.equal(await scene.renew(), 'granted')
  }
  const restarted = scene.restart()
  scene.clock.advance(2 * minuteMs)
  assert.deepEqual(await restarted.endDue(), [])
})

test('a human who logs out at the provider takes their sessions along, by session or all', async () => {
  const scene = await openScene()
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
    const scene = await openScene()
    const { sessions, key, opened } = scene
    const child = newKey()
    const text = opened.issued.token
    const sub = valueOf(
      await sessions.exchange(
        scene.request(child, {
          subject: { kind: 'parent', text },
          tools: ['files/read_file'],
          actorToken: scene.attest(child, { agentId: parseAgentId('agent-8') }),
          proof: { holder: scene.prove(child), parent: scene.prove(key, { tokenText: text }) },
        }),
      ),
    )
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
    const scene = await openScene()
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
  const scene = await openScene()
  await scene.store.forget(scene.opened.session.sessionId)
  scene.clock.advance(60 * minuteMs - 1)
  assert.deepEqual(await scene.sessions.endDue(), [])
  scene.clock.advance(1)
  await scene.sessions.endDue()
  assert.deepEqual(endsOf(scene), ['expired'])
})

test('a log-out is remembered as long as a grant from before it could be shown, and no longer', async () => {
  const scene = await openScene()
  const dayMs = 24 * 60 * minuteMs
  const revokedAt = scene.clock.now()
  await scene.sessions.logOut({ provider, eventId: 'e-1', human: 'sue', humanSession: null, revokedAt })
  const remembered = async () => (await database.query('select event_id from logged_out')).length
  scene.clock.advance(91 * dayMs - 1)
  await scene.sessions.purge()
  assert.equal(await remembered(), 1)
  scene.clock.advance(1)
  await scene.sessions.purge()
  assert.equal(await remembered(), 0)
})

test('what nobody can ask for any more is dropped', async () => {
  const scene = await openScene()
  const proof = scene.prove(scene.key, { url: `${issuer}/revoke` })
  await scene.sessions.close({ refreshToken: scene.opened.refreshToken, proof })
  scene.clock.advance(24 * 60 * minuteMs - 1)
  await scene.sessions.purge()
  assert.ok(await scene.store.find(scene.opened.session.sessionId))
  scene.clock.advance(1)
  await scene.sessions.purge()
  assert.equal(await scene.store.find(scene.opened.session.sessionId), undefined)
  assert.deepEqual(await database.query('select digest from used_proofs'), [])
})
