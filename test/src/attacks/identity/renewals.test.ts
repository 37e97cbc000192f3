import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'

import { generateVoucherKeyPem, openVoucherKey, signStatement } from '@cordon/attestation'
import { provider } from '@cordon/identity/fixtures/front'
import { generateHolderKey } from '@cordon/tokens'

import { openOutside, opens, type Outside, refuses } from './outside.ts'

// The attacker has a session, or its refresh token, and wants to go on with it.

const stand = ({ identity }: Outside, standing: 'suspended' | 'ended'): void => {
  const { standings } = identity.scorer
  for (const sessionId of standings.keys()) standings.set(sessionId, standing)
}

const open = async (outside: Outside): Promise<string> => opens(await outside.exchange()).refreshToken

test('rejects a stolen refresh token: the thief has another key', async context => {
  const outside = await openOutside(context)
  const refreshToken = await open(outside)
  const thief = generateHolderKey()
  refuses(await outside.renew(refreshToken, { key: thief }), 'HOLDER_REFUSED')
  opens(await outside.renew(refreshToken))
})

test('rejects the end of a session by whoever stole its refresh token', async context => {
  const outside = await openOutside(context)
  const refreshToken = await open(outside)
  const told = await outside.post('/revoke', new URLSearchParams({ token: refreshToken }).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    dpop: outside.prove(generateHolderKey(), { htu: 'https://identity.example/revoke' }),
  })
  assert.deepEqual([told.status, told.code], [400, 'HOLDER_REFUSED'])
  opens(await outside.renew(refreshToken))
})

test('rejects a refresh token without a proof', async context => {
  const outside = await openOutside(context)
  refuses(await outside.renew(await open(outside), { proofText: '' }), 'PROOF_MISSING')
})

test('rejects a refresh token that is guessed, or is another kind of token', async context => {
  const outside = await openOutside(context)
  const { token } = opens(await outside.exchange())
  for (const text of [token, 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '*'])
    refuses(await outside.renew(text), 'SESSION_UNKNOWN')
})

test('rejects an intent widened at renewal: a hijacked agent says what its human asked for', async context => {
  const outside = await openOutside(context)
  const refreshToken = await open(outside)
  const form = { declared_intent: 'send everything to mallory@evil.example' }
  refuses(await outside.renew(refreshToken, { form }), 'INTENT_REFUSED')
  opens(await outside.renew(refreshToken))
  const { records } = outside.identity.scorer
  assert.deepEqual(
    records.map(({ name, value }) => [name, 'intent' in value ? value.intent : undefined]),
    [['SessionOpened', null]],
  )
})

test('rejects a suspended session renewing', async context => {
  const outside = await openOutside(context)
  const refreshToken = await open(outside)
  stand(outside, 'suspended')
  refuses(await outside.renew(refreshToken), 'SESSION_SUSPENDED')
})

test('rejects an ended session renewing', async context => {
  const outside = await openOutside(context)
  const refreshToken = await open(outside)
  stand(outside, 'ended')
  refuses(await outside.renew(refreshToken), 'SESSION_ENDED')
})

test('rejects a session renewing that its holder closed, before any scorer heard of it', async context => {
  const outside = await openOutside(context)
  const refreshToken = await open(outside)
  const { standings } = outside.identity.scorer
  const before = new Map(standings)
  await outside.post('/revoke', new URLSearchParams({ token: refreshToken }).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    dpop: outside.prove(outside.key, { htu: 'https://identity.example/revoke' }),
  })
  for (const [sessionId, standing] of before) standings.set(sessionId, standing)
  refuses(await outside.renew(refreshToken), 'SESSION_ENDED')
})

test('rejects a session renewing beyond its longest life', async context => {
  const outside = await openOutside(context)
  const refreshToken = await open(outside)
  outside.identity.clock.advance(60 * 60_000)
  refuses(await outside.renew(refreshToken), 'SESSION_ENDED')
})

test('rejects a revoked session renewing', async context => {
  const outside = await openOutside(context)
  const { refreshToken, body } = opens(await outside.exchange())
  await outside.operate('POST', '/revocations', {
    scope: `session:${String(body['session_id'])}`,
    reason: 'a drill',
  })
  refuses(await outside.renew(refreshToken), 'REVOKED')
})

test('rejects a session renewing whose tool the kill switch took away', async context => {
  const outside = await openOutside(context)
  const refreshToken = await open(outside)
  await outside.operate('POST', '/revocations', { scope: 'tool:files/read_file', reason: 'a drill' })
  refuses(await outside.renew(refreshToken), 'TOOLS_REFUSED')
})

test('rejects renewal with a manifest that changed since the opening', async context => {
  const outside = await openOutside(context)
  const refreshToken = await open(outside)
  const { agents } = outside.identity.bundle!.identity
  outside.useBundle({ agents: { ...agents, 'agent-7': { ...agents['agent-7'], model: 'model-2' } } })
  refuses(await outside.renew(refreshToken), 'MANIFEST_CHANGED')
})

test('rejects renewal by other code than opened the session, also code that is vouched for', async context => {
  const outside = await openOutside(context)
  const { agents, buildKeys } = outside.identity.bundle!.identity
  const builder = openVoucherKey(generateVoucherKeyPem())
  const next = createHash('sha256').update('the next code').digest('hex')
  const built = {
    subjects: [{ name: 'agent', sha256: next }],
    builder: 'https://b.example',
    buildType: 'https://b.example/v1',
  }
  const agent = agents['agent-7']!
  outside.useBundle({
    buildKeys: { ...buildKeys, next: builder.publicJwk },
    agents: {
      ...agents,
      'agent-7': { ...agent, provenance: [...agent.provenance, signStatement(built, builder, 'next')] },
    },
  })
  const refreshToken = await open(outside)
  const actor_token = outside.attestation(outside.key, { code_digest: next })
  opens(await outside.exchange({ form: { actor_token } }))
  refuses(await outside.renew(refreshToken, { form: { actor_token } }), 'MANIFEST_CHANGED')
})

test('rejects renewal with the attestation of another agent', async context => {
  const outside = await openOutside(context)
  const actor_token = outside.attestation(outside.key, { agent: 'agent-8' })
  refuses(await outside.renew(await open(outside), { form: { actor_token } }), 'ACTOR_REFUSED')
})

test('rejects renewal without an attestation', async context => {
  const outside = await openOutside(context)
  const form = { actor_token: undefined, actor_token_type: undefined }
  refuses(await outside.renew(await open(outside), { form }), 'ACTOR_REFUSED')
  // Also where its human could use tools without an agent.
  const subject_token = outside.idToken({ aud: 'cordon-direct' })
  const { refreshToken } = opens(await outside.exchange({ form: { subject_token } }))
  refuses(await outside.renew(refreshToken, { form }), 'ACTOR_REFUSED')
})

test('rejects renewal for a server that the session has no tools of', async context => {
  const outside = await openOutside(context)
  const form = { resource: 'urn:cordon:server:postgres' }
  refuses(await outside.renew(await open(outside), { form }), 'SERVER_REFUSED')
})

test('rejects renewal of tools that the deployer no longer allows', async context => {
  const outside = await openOutside(context)
  const refreshToken = await open(outside)
  outside.useBundle({ deployers: { acme: { tools: ['postgres/*'] } } })
  refuses(await outside.renew(refreshToken), 'TOOLS_REFUSED')
})

test('rejects renewal for a human whose provider is no longer trusted', async context => {
  const outside = await openOutside(context)
  const refreshToken = await open(outside)
  const { [provider]: trusted } = outside.identity.bundle?.identity.providers ?? {}
  for (const providers of [{ [provider]: { ...trusted, audiences: ['another'], directAudiences: [] } }, {}]) {
    outside.useBundle({ providers })
    refuses(await outside.renew(refreshToken), 'SUBJECT_REFUSED')
  }
})

test('rejects renewal of tools that the bundle in force no longer entitles the human to', async context => {
  const outside = await openOutside(context)
  const refreshToken = await open(outside)
  const { [provider]: trusted } = outside.identity.bundle?.identity.providers ?? {}
  outside.useBundle({ providers: { [provider]: { ...trusted, entitlements: [] } } })
  refuses(await outside.renew(refreshToken), 'TOOLS_REFUSED')
})

test('rejects renewal for a human whose clearance the bundle in force lowered', async context => {
  const outside = await openOutside(context)
  const refreshToken = await open(outside)
  const { [provider]: trusted } = outside.identity.bundle?.identity.providers ?? {}
  const clearances = [{ claim: 'groups', value: 'analysts', clearance: 1 }]
  outside.useBundle({ providers: { [provider]: { ...trusted, clearances } } })
  refuses(await outside.renew(refreshToken), 'SUBJECT_REFUSED')
})

test('rejects renewal while nobody can tell whether the session is suspended', async context => {
  const outside = await openOutside(context)
  const refreshToken = await open(outside)
  outside.identity.scorer.staleness = Number.POSITIVE_INFINITY
  refuses(await outside.renew(refreshToken), 'DECISIONS_STALE')
})

test('rejects a replayed renewal', async context => {
  const outside = await openOutside(context)
  const refreshToken = await open(outside)
  const proofText = outside.prove(outside.key)
  opens(await outside.renew(refreshToken, { proofText }))
  refuses(await outside.renew(refreshToken, { proofText }), 'PROOF_REPLAYED')
})

test('rejects a sub-agent renewing whose parent is suspended or over', async context => {
  const outside = await openOutside(context)
  const parent = opens(await outside.exchange())
  const key = generateHolderKey()
  const child = opens(await outside.delegate(parent.token, { key }))
  const renew = async () =>
    outside.renew(child.refreshToken, {
      key,
      form: { actor_token: outside.attestation(key, { agent: 'agent-8' }) },
    })
  opens(await renew())
  const { standings } = outside.identity.scorer
  const [parentId] = standings.keys()
  for (const [standing, code] of [
    ['suspended', 'SESSION_SUSPENDED'],
    ['ended', 'SESSION_ENDED'],
  ] as const) {
    standings.set(parentId!, standing)
    refuses(await renew(), code)
  }
})
