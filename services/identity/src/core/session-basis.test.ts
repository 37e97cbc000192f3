import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseAgentId } from '@cordon/foundation'

import { bundleOf, bundleText, provider } from '../bundle-fixture.ts'
import { type IdentityFixture, newKey } from '../identity-fixture.ts'
import { codeOf, fixturesOfFile, valueOf } from '../session-fixture.ts'
import type { RefusalCode } from './refusal.ts'

const { newIdentity, newSession } = fixturesOfFile()

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
    const scene = await newSession()
    const document = structuredClone(bundleText) as Document
    change(document)
    scene.bundle = bundleOf(document)
    assert.equal(await scene.renew(), code, what)
  }
})

/** An automation of sue's, for the agent that its grant names. */
const automate = async (over: Parameters<IdentityFixture['grant']>[0] = {}) => {
  const fixture = await newIdentity()
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
