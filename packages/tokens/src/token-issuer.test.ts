import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { before, test } from 'node:test'

import { makeSessionId, parseAgentId } from '@cordon/foundation'
import { decodeProtectedHeader, jwtVerify } from 'jose'

import { directHuman } from './actor.ts'
import { parseKeySet } from './key-set.ts'
import { grantsTool } from './session-token.ts'
import { generateSigningKeyPem, openSigningKey, type SigningKey } from './signing-key.ts'
import { createTokenIssuer, type NewSessionToken, type TokenIssuer } from './token-issuer.ts'
import { createTokenVerifier } from './token-verifier.ts'

const issuer = 'https://identity.example'
const now = 1_800_000_000_000
const sessionId = makeSessionId(3, '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b')

const fresh: NewSessionToken = {
  sessionId,
  human: 'alice',
  agentId: parseAgentId('agent-7'),
  platform: 'desk',
  role: 'analyst',
  clearance: 2,
  server: 'files',
  tools: new Set(['files/read_file', 'files/list_directory']),
  transactionId: 'work-1',
  issuedAt: now + 400,
  expiresAt: now + 300_400,
  authenticatedAt: now - 60_000,
  acr: 'urn:example:strong',
  holder: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  actor: {
    agentId: parseAgentId('agent-7'),
    instance: 'run-1',
    platform: 'desk',
    model: 'model-1',
    delegatedBy: { agentId: parseAgentId('agent-1'), instance: 'run-9', platform: 'hall', model: 'model-2' },
  },
  provenance: { manifestHash: 'm', toolsDigest: 't', model: 'model-1', version: '4' },
  posture: { codeDigest: 'c', attester: 'desk' },
  deployer: 'acme',
  conversationId: 'talk-1',
  humanSession: 'login-1',
  status: { uri: 'https://identity.example/status/0', index: 7 },
}

let key: SigningKey
let tokens: TokenIssuer

before(async () => {
  key = await openSigningKey(generateSigningKeyPem())
  tokens = createTokenIssuer({ issuer, key })
})

test('writes the claims of the protocol and no other, as another implementation reads them', async () => {
  const text = await tokens.issueSessionToken(fresh)
  assert.deepEqual(decodeProtectedHeader(text), { typ: 'at+jwt', alg: 'ES256', kid: key.keyId })
  const { payload } = await jwtVerify(text, createPublicKey(key.privateKey), {
    algorithms: ['ES256'],
    currentDate: new Date(now),
  })
  const { jti, ...others } = payload
  assert.match(jti ?? '', /^[0-9a-f-]{36}$/)
  assert.deepEqual(others, {
    iss: issuer,
    sub: 'alice',
    sub_profile: 'user',
    aud: 'urn:cordon:server:files',
    client_id: 'desk',
    sid: sessionId,
    txn: 'work-1',
    iat: 1_800_000_000,
    exp: 1_800_000_300,
    auth_time: 1_799_999_940,
    acr: 'urn:example:strong',
    scope: 'tool:files/read_file tool:files/list_directory',
    roles: ['analyst'],
    clearance: 2,
    act: {
      sub: 'urn:cordon:agent:agent-7#run-1',
      iss: 'urn:cordon:agents',
      sub_profile: 'ai_agent client_instance',
      agent_platform: 'desk',
      agent_model: 'model-1',
      act: {
        sub: 'urn:cordon:agent:agent-1#run-9',
        iss: 'urn:cordon:agents',
        sub_profile: 'ai_agent client_instance',
        agent_platform: 'hall',
        agent_model: 'model-2',
      },
    },
    agentic_ctx: {
      prov: { manifest_hash: 'm', tools_digest: 't', model_id: 'model-1', version: '4' },
      posture: { code_digest: 'c', attester: 'desk' },
      deployer: 'acme',
      session: { conversation_id: 'talk-1', human_session: 'login-1' },
    },
    cnf: { jkt: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs' },
    status: { status_list: { idx: 7, uri: 'https://identity.example/status/0' } },
  })
})

test('what is issued is what is verified', async () => {
  const verifier = createTokenVerifier({ issuer, keys: () => parseKeySet({ keys: [key.publicJwk] }) })
  const result = verifier.verify(await tokens.issueSessionToken(fresh), 'files', now + 1000)
  assert.ok(result.ok)
  const { tokenId, ...token } = result.token
  assert.notEqual(tokenId, '')
  assert.deepEqual(token, { ...fresh, issuedAt: now, expiresAt: now + 300_000 })
})

test('refuses a life of more than 5 minutes, or of none', async () => {
  for (const expiresAt of [now + 302_000, now, now - 1000])
    await assert.rejects(tokens.issueSessionToken({ ...fresh, expiresAt }), { code: 'TOKEN_LIFE_INVALID' })
})

test('refuses to grant nothing, or a tool of another server', async () => {
  for (const tools of [[], ['files/read_file', 'mail/send']])
    await assert.rejects(tokens.issueSessionToken({ ...fresh, tools: new Set(tools) }), {
      code: 'TOKEN_GRANT_INVALID',
    })
})

test('a human who uses tools directly has no agent in the token', async () => {
  const { actor: _actor, ...others } = fresh
  const direct = { ...others, agentId: directHuman }
  const verifier = createTokenVerifier({ issuer, keys: () => parseKeySet({ keys: [key.publicJwk] }) })
  const result = verifier.verify(await tokens.issueSessionToken(direct), 'files', now + 1000)
  assert.ok(result.ok)
  assert.equal(result.token.agentId, 'human')
  assert.deepEqual([result.token.actor, result.token.provenance], [undefined, undefined])
  for (const mixed of [
    { ...direct, agentId: parseAgentId('agent-7') },
    { ...fresh, agentId: directHuman },
    { ...fresh, agentId: parseAgentId('agent-1') },
  ])
    await assert.rejects(tokens.issueSessionToken(mixed), { code: 'TOKEN_CLAIMS_INVALID' })
})

test('refuses to issue what no verifier would believe, without repeating it', async () => {
  const { provenance: _provenance, ...unproven } = fresh
  for (const token of [unproven, { ...fresh, holder: 'secret-looking' }, { ...fresh, acr: '' }])
    await assert.rejects(
      tokens.issueSessionToken(token),
      (error: Error) =>
        'code' in error && error.code === 'TOKEN_CLAIMS_INVALID' && !error.message.includes('secret-looking'),
    )
})

test('refuses to issue what no verifier would read', async () => {
  const tools = new Set(Array.from({ length: 500 }, (_, index) => `files/tool-number-${index}`))
  await assert.rejects(tokens.issueSessionToken({ ...fresh, tools }), { code: 'TOKEN_TOO_LARGE' })
})

test('a grant is of one tool, or of a whole server', () => {
  const token = { ...fresh, tokenId: '1' }
  assert.equal(grantsTool(token, 'read_file'), true)
  assert.equal(grantsTool(token, 'write_file'), false)
  assert.equal(grantsTool({ ...token, tools: new Set(['files/*']) }, 'write_file'), true)
  assert.equal(grantsTool({ ...token, tools: new Set(['mail/*']) }, 'write_file'), false)
})
