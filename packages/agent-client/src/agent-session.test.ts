import assert from 'node:assert/strict'
import { test } from 'node:test'

import { generateHolderKey } from '@cordon/tokens'

import { AgentClientError } from './agent-client-error.ts'
import { openAgentSession } from './agent-session.ts'
import { holderKey, lastAsked, openSessionWorld } from './fixtures/session-world.ts'

test('opens a session by one token exchange, proven with the holder key', async t => {
  const { cordon, attested, open } = await openSessionWorld(t)
  const session = await open({ conversationId: 'conversation-1', declaredIntent: 'Mail eve@shop.example' })
  assert.equal(session.sessionId, '0.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b')
  assert.equal(session.endsAt, Date.UTC(2027, 0, 15, 8))
  assert.equal(await session.token('files'), 'token-1-for-files')
  assert.equal(cordon.identityRequests.length, 1)
  assert.deepEqual(lastAsked(cordon).form, {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: 'id-token-secret',
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    actor_token: 'attestation-1',
    actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    resource: 'urn:cordon:server:files',
    authorization_details:
      '[{"type":"mcp_tool","identifier":"files/read_file"},{"type":"mcp_tool","identifier":"mail/*"}]',
    conversation_id: 'conversation-1',
    declared_intent: 'Mail eve@shop.example',
  })
  const { jti, iat, ...proof } = lastAsked(cordon).proof
  assert.deepEqual(proof, { htm: 'POST', htu: `${cordon.url}/token` })
  assert.ok(typeof jti === 'string' && Number.isInteger(iat))
  assert.deepEqual(attested, [holderKey.publicJwk])
})

test('a human without an agent shows no attestation', async t => {
  const { cordon, timing } = await openSessionWorld(t)
  await openAgentSession({
    issuer: cordon.url,
    proxyUrl: cordon.url,
    holderKey,
    subjectToken: () => Promise.resolve({ token: 't', type: 'urn:ietf:params:oauth:token-type:id_token' }),
    tools: ['files/*'],
    timing,
  })
  assert.equal(lastAsked(cordon).form['actor_token'], undefined)
})

test('gets a token for another server when it is needed, once for all who wait', async t => {
  const { cordon, open } = await openSessionWorld(t)
  const session = await open()
  const tokens = await Promise.all(Array.from({ length: 10 }, () => session.token('mail')))
  assert.deepEqual(new Set(tokens), new Set(['token-2-for-mail']))
  assert.equal(cordon.identityRequests.length, 2)
  assert.deepEqual(lastAsked(cordon).form, {
    grant_type: 'refresh_token',
    refresh_token: 'refresh-1',
    resource: 'urn:cordon:server:mail',
    actor_token: 'attestation-2',
    actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  })
})

test('tries again after 503, 429 and a lost connection, each time with a new proof and attestation', async t => {
  const { cordon, timing, open } = await openSessionWorld(t)
  cordon.scripted.push({ status: 503 }, 'hang up', { status: 429, headers: { 'retry-after': '3' } })
  const session = await open()
  assert.equal(await session.token('files'), 'token-1-for-files')
  // Half of 200, of 400, and what was asked for.
  assert.deepEqual(timing.waited, [100, 200, 3000])
  for (const values of [
    cordon.identityRequests.map(({ proof }) => proof['jti']),
    cordon.identityRequests.map(({ form }) => form['actor_token']),
  ])
    assert.equal(new Set(values).size, 4)
})

/**
 * @fault an agent cannot reach the identity service
 * @behaviour it tries five times within seconds, then says `IDENTITY_UNAVAILABLE`; what it holds is good until it ends, and it goes on renewing
 * @counter none: it happens in the agent's process, where nothing counts
 */
test('says that identity is away after five attempts, and that later may be better', async t => {
  const { cordon, open } = await openSessionWorld(t)
  const body = { error: 'temporarily_unavailable', code: 'DECISIONS_STALE' }
  cordon.scripted.push(...Array.from({ length: 5 }, () => ({ status: 503, body })))
  await assert.rejects(open(), { code: 'IDENTITY_UNAVAILABLE', retryable: true, refusal: body })
  assert.equal(cordon.identityRequests.length, 5)
})

test('waits no longer than 10 s, whatever it is asked for', async t => {
  const { cordon, timing, open } = await openSessionWorld(t)
  cordon.scripted.push({ status: 503, headers: { 'retry-after': '9999' } })
  await open()
  assert.deepEqual(timing.waited, [10_000])
})

test('a refusal is an error with its own code, its words, and no second attempt', async t => {
  const { cordon, open } = await openSessionWorld(t)
  const codes = {
    invalid_grant: 'SUBJECT_REFUSED',
    invalid_target: 'TOOLS_REFUSED',
    invalid_client: 'ATTESTATION_REFUSED',
    invalid_dpop_proof: 'PROOF_REFUSED',
    access_denied: 'SESSION_DENIED',
    unsupported_grant_type: 'REQUEST_REFUSED',
  }
  for (const [error, code] of Object.entries(codes)) {
    cordon.scripted.push({
      status: 400,
      body: { error, error_description: 'mail/send: not granted to the agent\u001b[2J' },
    })
    await assert.rejects(open(), (thrown: unknown) => {
      assert.ok(thrown instanceof AgentClientError)
      assert.equal(thrown.code, code)
      assert.equal(thrown.retryable, false)
      assert.deepEqual(thrown.refusal, { error, description: 'mail/send: not granted to the agent [2J' })
      return thrown.message.includes('mail/send')
    })
  }
  assert.equal(cordon.identityRequests.length, Object.keys(codes).length)
})

test('rejects an answer of another kind, without repeating what it holds', async t => {
  const { cordon, open } = await openSessionWorld(t)
  for (const body of [
    {
      access_token: 'secret-text',
      token_type: 'Bearer',
      expires_in: 300,
      refresh_token: 'r',
      session_id: 's',
    },
    { access_token: 'secret-text', token_type: 'DPoP', expires_in: 300 },
    { access_token: 'secret-text', token_type: 'DPoP', expires_in: -1, refresh_token: 'r', session_id: 's' },
    'secret-text',
    `{"access_token":"${'a'.repeat(70_000)}"}`,
  ]) {
    cordon.scripted.push({ status: 200, body })
    await assert.rejects(open(), (error: Error) => {
      assert.ok('code' in error && error.code === 'IDENTITY_ANSWER_MALFORMED')
      return !error.message.includes('secret-text')
    })
  }
})

test('does not follow a redirect of the identity service: what is sent is for it only', async t => {
  const { cordon, open } = await openSessionWorld(t)
  cordon.scripted.push(
    ...Array.from({ length: 5 }, () => ({ status: 307, headers: { location: `${cordon.url}/elsewhere` } })),
  )
  await assert.rejects(open(), { code: 'IDENTITY_UNAVAILABLE' })
  assert.ok(cordon.identityRequests.every(({ path }) => path === '/token'))
})

/**
 * @input an agent is told to reach identity or proxy over plain HTTP on another machine
 * @behaviour nothing is sent: `expected https, or http to this machine`
 * @counter none: it happens in the agent's process, where nothing counts
 */
test('rejects URLs where secrets would travel in the open', async t => {
  const { open } = await openSessionWorld(t)
  for (const url of [
    'http://identity.example',
    'http://127.0.0.1.attacker.example',
    'ftp://127.0.0.1',
    'https://user:pass@identity.example',
    'https://identity.example/?a=1',
    'identity.example',
  ])
    for (const changed of [{ issuer: url }, { proxyUrl: url }])
      await assert.rejects(open(changed), (error: Error) => {
        assert.ok('code' in error && error.code === 'URL_INSECURE')
        return !error.message.includes('pass')
      })
})

test('rejects tools that name no server', async t => {
  const { open } = await openSessionWorld(t)
  for (const tools of [[], ['files'], ['files/a b'], ['/a']])
    await assert.rejects(open({ tools }), { code: 'TOOLS_INVALID' })
})

test('ends at the identity service, with a proof, once', async t => {
  const { cordon, open } = await openSessionWorld(t)
  const session = await open()
  await session.end()
  await session.end()
  assert.equal(cordon.identityRequests.length, 2)
  assert.equal(lastAsked(cordon).path, '/revoke')
  assert.deepEqual(lastAsked(cordon).form, { token: 'refresh-1', token_type_hint: 'refresh_token' })
  assert.equal(lastAsked(cordon).proof['htu'], `${cordon.url}/revoke`)
  await assert.rejects(session.token('files'), { code: 'SESSION_ENDED' })
})

test('hands its token to a sub-agent with a proof of its own key', async t => {
  const { cordon, open } = await openSessionWorld(t)
  const parent = await open()
  const subKey = generateHolderKey()
  await open({ holderKey: subKey, subjectToken: () => parent.delegate('files') })
  const { form, headers } = lastAsked(cordon)
  assert.equal(form['subject_token'], 'token-1-for-files')
  assert.equal(form['subject_token_type'], 'urn:ietf:params:oauth:token-type:access_token')
  const [header = '', payload = ''] = String(headers['dpop-parent']).split('.')
  const decode = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
  assert.deepEqual(decode(header)['jwk'], holderKey.publicJwk)
  const { jti, iat, ...claims } = decode(payload)
  assert.ok(jti !== undefined && iat !== undefined)
  // printf 'token-1-for-files' | openssl dgst -sha256 -binary | base64url
  assert.deepEqual(claims, {
    htm: 'POST',
    htu: `${cordon.url}/token`,
    ath: 'YzNy67Z-5mxCmLMkvv_wu-SM1SjM7sOaRxy4pFa76yc',
  })
})
