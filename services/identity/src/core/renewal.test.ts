import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseAgentId } from '@cordon/foundation'

import { bundleOf, bundleText, minuteMs } from '../bundle-fixture.ts'
import { issuer, newKey } from '../identity-fixture.ts'
import { codeOf, fixturesOfFile, valueOf } from '../session-fixture.ts'
import type { RefusalCode } from './refusal.ts'

const { newSession } = fixturesOfFile()

test('renewal gives the token of any server of the session, and of no other', async () => {
  const scene = await newSession()
  const { sessions, key, opened, clock } = scene
  const renewed = valueOf(await sessions.renew(scene.renewal(key, opened, { server: 'postgres' })))
  const verified = scene.keys.verifier.verify(renewed.issued.token, 'postgres', clock.now())
  assert.ok(verified.ok)
  assert.deepEqual([...verified.token.tools], ['postgres/query'])
  assert.equal(await scene.renew({ server: 'mail' }), 'SERVER_REFUSED')
})

test('renewal follows the standing: a suspended session gets no token', async () => {
  const scene = await newSession()
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
  const scene = await newSession()
  scene.scorer.staleness = 5001
  assert.equal(await scene.renew(), 'DECISIONS_STALE')
})

test('rejects a stolen refresh token without its key, and a made-up one', async () => {
  const scene = await newSession()
  const thief = newKey()
  const stolen = scene.renewal(thief, scene.opened)
  assert.equal(codeOf(await scene.sessions.renew(stolen)), 'HOLDER_REFUSED')
  assert.equal(await scene.renew({ refreshToken: 'made up' }), 'SESSION_UNKNOWN')
})

test('rejects a replayed proof, also after a restart', async () => {
  const scene = await newSession()
  const proof = { holder: scene.prove(scene.key, { proofId: 'once' }), parent: undefined }
  assert.equal(await scene.renew({ proof }), 'granted')
  assert.equal(await scene.renew({ proof }), 'PROOF_REPLAYED')
  const again = scene.renewal(scene.key, scene.opened, { proof })
  assert.equal(codeOf(await scene.restart().renew(again)), 'PROOF_REPLAYED')
})

test('renewal wants a fresh attestation, of the same agent, code and key', async () => {
  const scene = await newSession()
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
    const scene = await newSession()
    const { identity } = bundleText as { identity: Record<string, Record<string, object>> }
    scene.bundle = bundleOf({ ...bundleText, identity: { ...identity, ...change(identity) } })
    assert.equal(await scene.renew(), code)
  }
})

test('what is revoked is not renewed', async () => {
  const scene = await newSession()
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
  const scene = await newSession()
  scene.signedOut.add('alice')
  assert.equal(await scene.renew(), 'HUMAN_LOGGED_OUT')
})

test('after a restart sessions are renewed and ended as if nothing had happened', async () => {
  const scene = await newSession()
  const restarted = scene.restart()
  assert.equal(codeOf(await restarted.renew(scene.renewal(scene.key, scene.opened))), 'granted')
  const proof = scene.prove(scene.key, { url: `${issuer}/revoke` })
  const { refreshToken } = scene.opened
  assert.equal(codeOf(await restarted.close({ refreshToken, proof })), 'granted')
  assert.equal(scene.scorer.standings.get(scene.opened.session.sessionId), 'ended')
  assert.equal(codeOf(await restarted.renew(scene.renewal(scene.key, scene.opened))), 'SESSION_ENDED')
})
