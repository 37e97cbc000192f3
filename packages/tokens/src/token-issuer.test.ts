import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { before, test } from 'node:test'

import { makeSessionId, parseAgentId } from '@cordon/foundation'
import { decodeProtectedHeader, jwtVerify } from 'jose'

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
  server: 'files',
  tools: new Set(['files/read_file', 'files/list_directory']),
  issuedAt: now + 400,
  expiresAt: now + 300_400,
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
    iat: 1_800_000_000,
    exp: 1_800_000_300,
    scope: 'tool:files/read_file tool:files/list_directory',
    roles: ['analyst'],
    act: { sub: 'agent-7', iss: 'urn:cordon:agents', sub_profile: 'ai_agent' },
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
