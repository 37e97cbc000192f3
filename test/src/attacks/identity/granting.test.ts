import assert from 'node:assert/strict'
import { test } from 'node:test'

import { issuer } from './gateway.ts'
import { detailsOf, openOutside, opens, refuses } from './outside.ts'

// The attacker is a human, or an agent with a human's ID token, and asks for more than the bundle allows.

const asking = (...tools: readonly string[]) => ({ form: { authorization_details: detailsOf(...tools) } })

test('rejects a tool that the human is not entitled to', async context => {
  const { exchange, useBundle, identity } = await openOutside(context)
  const { agents } = identity.bundle!.identity
  useBundle({
    deployers: { acme: { tools: ['files/*', 'mail/*', 'postgres/*'] } },
    agents: { ...agents, 'agent-7': { ...agents['agent-7'], tools: ['files/*', 'mail/send'] } },
  })
  opens(await exchange())
  refuses(await exchange(asking('files/read_file', 'mail/send')), 'TOOLS_REFUSED')
})

test('rejects an entitlement from a claim that nobody mapped', async context => {
  const { exchange, idToken, useBundle, identity } = await openOutside(context)
  const { agents } = identity.bundle!.identity
  useBundle({
    deployers: { acme: { tools: ['files/*', 'mail/*'] } },
    agents: { ...agents, 'agent-7': { ...agents['agent-7'], tools: ['files/*', 'mail/send'] } },
  })
  for (const claims of [
    { entitlements: ['mail/send'] },
    { cordon_tools: ['files/read_file', 'mail/send'] },
    { roles: ['mailers'] },
    { 'groups ': ['mailers'] },
  ]) {
    const { form } = asking('files/read_file', 'mail/send')
    refuses(await exchange({ form: { ...form, subject_token: idToken(claims) } }), 'TOOLS_REFUSED')
  }
})

test('rejects deployer bypass: a tool of the manifest that its deployer does not allow', async context => {
  const { exchange, useBundle } = await openOutside(context)
  useBundle({ deployers: { acme: { tools: ['postgres/*'] } } })
  refuses(await exchange(), 'TOOLS_REFUSED')
})

test('rejects manifest bypass: an agent that leaves its attestation out, and uses tools as its human', async context => {
  const outside = await openOutside(context)
  const form = { actor_token: undefined, actor_token_type: undefined }
  refuses(await outside.exchange({ form }), 'ACTOR_REFUSED')
  opens(await outside.exchange({ form: outside.directly() }))
})

test('rejects a tool that the manifest does not have', async context => {
  const { exchange, attestation, key } = await openOutside(context)
  const { form } = asking('files/read_file', 'files/write_file')
  const actor_token = attestation(key, { agent: 'agent-8' })
  refuses(await exchange({ form: { ...form, actor_token } }), 'TOOLS_REFUSED')
})

test('rejects a tool above the human’s clearance', async context => {
  const { exchange, idToken } = await openOutside(context)
  refuses(await exchange(asking('files/wipe')), 'TOOLS_REFUSED')
  const subject_token = idToken({ clearance: 3, cordon_clearance: 3 })
  refuses(await exchange({ form: { ...asking('files/wipe').form, subject_token } }), 'TOOLS_REFUSED')
})

test('rejects all of a server, where its most sensitive tool is above the clearance', async context => {
  const { exchange } = await openOutside(context)
  refuses(await exchange(asking('files/*')), 'TOOLS_REFUSED')
})

test('rejects a wider request in other words: scope, audience, and details of a kind that nobody knows', async context => {
  const { exchange } = await openOutside(context)
  for (const form of [{ scope: 'tool:files/*' }, { audience: 'urn:cordon:server:mail' }])
    refuses(await exchange({ form }), 'REQUEST_INVALID')
  for (const details of [
    [{ type: 'mcp_tool', identifier: 'files/read_file', actions: ['*'] }],
    [{ type: 'all_tools', identifier: 'files/read_file' }],
    [{ type: 'mcp_tool', identifier: 'files/read_file tool:files/wipe' }],
    [],
  ])
    refuses(await exchange({ form: { authorization_details: JSON.stringify(details) } }), 'REQUEST_INVALID')
})

test('rejects a tool that a name of a prototype stands for', async context => {
  const { exchange } = await openOutside(context)
  for (const tool of ['constructor/name', '__proto__/x', 'files/constructor', 'files/__proto__'])
    refuses(await exchange(asking('files/read_file', tool)), 'TOOLS_REFUSED', 'REQUEST_INVALID')
})

test('rejects a token for a server that nothing was asked of', async context => {
  const { exchange } = await openOutside(context)
  refuses(await exchange({ form: { resource: 'urn:cordon:server:postgres' } }), 'SERVER_REFUSED')
})

test('rejects a role that claims name and the bundle does not map', async context => {
  const { exchange, idToken } = await openOutside(context)
  const subject_token = idToken({ groups: ['admins'], role: 'analyst', roles: ['analyst'] })
  refuses(await exchange({ form: { subject_token } }), 'ROLE_UNKNOWN')
})

test('rejects another agent than the one that the human consented to', async context => {
  const { exchange, idToken } = await openOutside(context)
  opens(await exchange({ form: { subject_token: idToken({ cordon_agent: 'agent-7' }) } }))
  refuses(
    await exchange({ form: { subject_token: idToken({ cordon_agent: 'agent-8' }) } }),
    'SUBJECT_REFUSED',
  )
})

test('rejects more tools than the human consented to', async context => {
  const { exchange, idToken } = await openOutside(context)
  const form = {
    ...asking('files/read_file', 'files/write_file').form,
    subject_token: idToken({ cordon_tools: ['files/read_file'] }),
  }
  refuses(await exchange({ form }), 'TOOLS_REFUSED')
})

test('rejects whom and what the kill switch has stopped', async context => {
  const { exchange, operate } = await openOutside(context)
  opens(await exchange())
  for (const scope of ['human:alice', 'agent:agent-7', 'platform:desk', 'everything:*']) {
    await operate('POST', '/revocations', { scope, reason: 'a drill' })
    refuses(await exchange(), 'REVOKED')
    await operate('DELETE', `/revocations/${encodeURIComponent(scope)}`)
  }
  for (const scope of ['tool:files/read_file', 'tool:files/*']) {
    await operate('POST', '/revocations', { scope, reason: 'a drill' })
    refuses(await exchange(), 'TOOLS_REFUSED')
    await operate('DELETE', `/revocations/${encodeURIComponent(scope)}`)
  }
  opens(await exchange())
})

test('rejects a kill switch that would stop nobody, instead of saying that it did', async context => {
  const { exchange, operate } = await openOutside(context)
  opens(await exchange())
  const slips = [
    'human:Alice',
    'agent:agent_7',
    'platform:Desk',
    'tool:files',
    'tool:files/read_file ',
    'tool:files/reed',
  ]
  for (const scope of slips)
    assert.equal(await operate('POST', '/revocations', { scope, reason: 'a drill' }), 400, scope)
  assert.equal(await operate('POST', '/revocations', { scope: 'human:alice', reason: 'a drill' }), 201)
  refuses(await exchange(), 'REVOKED')
})

test('rejects the kill switch in the hand of anybody but an operator', async context => {
  const { exchange, operate } = await openOutside(context)
  const revocation = { scope: 'everything:*', reason: 'a prank' }
  for (const secret of ['', 'the-secret-of-the-operator', 'the-secret-of-the-operators2']) {
    assert.equal(await operate('POST', '/revocations', revocation, secret), 401)
  }
  opens(await exchange())
})

test('rejects a replayed proof at the token endpoint', async context => {
  const { exchange, prove, key } = await openOutside(context)
  const proofText = prove(key)
  opens(await exchange({ proofText }))
  refuses(await exchange({ proofText }), 'PROOF_REPLAYED')
})

test('rejects a replayed proof at the token endpoint after a restart', async context => {
  const { exchange, attestation, prove, key, identity } = await openOutside(context)
  const proofText = prove(key)
  opens(await exchange({ proofText }))
  const request = identity.request(key, {
    actorToken: attestation(key),
    proof: { holder: proofText, parent: undefined },
  })
  // The database is what is left. Whose word the ID token is does not matter: the proof is looked at in the end.
  const answer = await identity.restart().exchange(request)
  assert.ok(!answer.ok && answer.refusal.code === 'PROOF_REPLAYED', JSON.stringify(answer))
})

test('rejects a proof of another endpoint, another method or another service', async context => {
  const { exchange } = await openOutside(context)
  for (const htu of [`${issuer}/revoke`, `${issuer}/token/`, 'https://attacker.example/token'])
    refuses(await exchange({ proof: { htu } }), 'PROOF_INVALID')
  refuses(await exchange({ proof: { htm: 'GET' } }), 'PROOF_INVALID')
})

test('rejects a proof at the token endpoint from a clock that is more than a minute off, either way', async context => {
  const { exchange, identity } = await openOutside(context)
  const now = Math.floor(identity.clock.now() / 1000)
  for (const iat of [now - 60, now + 60]) opens(await exchange({ proof: { iat } }))
  for (const iat of [now - 61, now + 61]) refuses(await exchange({ proof: { iat } }), 'PROOF_INVALID')
})

test('rejects an exchange without a proof, or with two', async context => {
  const { exchange, prove, key } = await openOutside(context)
  refuses(await exchange({ proofText: '' }), 'PROOF_MISSING')
  refuses(await exchange({ proofText: `${prove(key)}, ${prove(key)}` }), 'PROOF_INVALID')
})

test('rejects a parameter that comes twice', async context => {
  const { post, exchange, prove, key, idToken, attestation } = await openOutside(context)
  opens(await exchange())
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: idToken(),
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    actor_token: attestation(key),
    actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    resource: 'urn:cordon:server:postgres',
    authorization_details: detailsOf('files/read_file'),
  })
  form.append('resource', 'urn:cordon:server:files')
  const headers = { 'content-type': 'application/x-www-form-urlencoded', dpop: prove(key) }
  refuses(await post('/token', form.toString(), headers), 'invalid_request')
})

test('rejects an oversized request', async context => {
  const { exchange } = await openOutside(context)
  refuses(await exchange({ form: { padding: 'a'.repeat(256 * 1024) } }), 'invalid_request')
})
