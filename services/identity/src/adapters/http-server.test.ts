import assert from 'node:assert/strict'
import { get } from 'node:http'
import { after, before, test } from 'node:test'

import { parseKeySet, signRequestProof, verifyStatusList } from '@cordon/tokens'

import { formType, type HttpFixture, openHttpFixture } from '../http-fixture.ts'
import { issuer, newKey } from '../identity-fixture.ts'

let http: HttpFixture
before(async () => {
  http = await openHttpFixture()
})
after(async () => http.close())

test('exchanges, renews and ends a session as RFC 8693, 6749 and 7009 have it', async () => {
  const key = newKey()
  const opened = await http.post('/token', key, http.exchangeForm(key))
  assert.equal(opened.status, 200, JSON.stringify(opened.body))
  assert.equal(opened.headers.get('cache-control'), 'no-store')
  const { access_token: token, refresh_token: refreshToken, ends_at: endsAt, ...rest } = opened.body
  assert.deepEqual(rest, {
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: 'DPoP',
    expires_in: 300,
    scope: 'tool:files/read_file',
    authorization_details: [{ type: 'mcp_tool', identifier: 'files/read_file' }],
    session_id: rest['session_id'],
  })
  assert.match(String(token), /^[\w-]+\.[\w-]+\.[\w-]+$/)
  assert.match(String(endsAt), /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/)
  const renewal = {
    grant_type: 'refresh_token',
    refresh_token: String(refreshToken),
    actor_token: http.identity.attest(key),
    actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    resource: 'urn:cordon:server:files',
  }
  const renewed = await http.post('/token', key, renewal)
  assert.deepEqual([renewed.status, renewed.body['refresh_token']], [200, undefined])
  assert.equal((await http.post('/revoke', key, { token: String(refreshToken) })).status, 200)
  const late = await http.post('/token', key, renewal)
  assert.deepEqual(
    [late.status, late.body['error'], late.body['code']],
    [400, 'invalid_grant', 'SESSION_ENDED'],
  )
})

test('publishes the public keys, what it can do, and statuses to everybody', async () => {
  const keys = await http.ask('GET', '/.well-known/jwks.json')
  assert.equal(keys.headers.get('cache-control'), 'public, max-age=60')
  assert.doesNotMatch(JSON.stringify(keys.body), /"d":/)
  const metadata = (await http.ask('GET', '/.well-known/oauth-authorization-server')).body
  assert.deepEqual(
    [metadata['issuer'], metadata['token_endpoint'], metadata['jwks_uri']],
    [issuer, `${issuer}/token`, `${issuer}/.well-known/jwks.json`],
  )
  const key = newKey()
  const { body } = await http.post('/token', key, http.exchangeForm(key))
  const verified = http.identity.keys.verifier.verify(
    String(body['access_token']),
    'files',
    http.identity.clock.now(),
  )
  assert.ok(verified.ok)
  const { uri, index } = verified.token.status
  const list = await http.ask('GET', new URL(uri).pathname)
  assert.equal(list.headers.get('content-type'), 'application/statuslist+jwt')
  const read = verifyStatusList(
    String(list.body['text']),
    { issuer, uri },
    parseKeySet(keys.body),
    http.identity.clock.now(),
  )
  assert.ok(typeof read !== 'string')
  assert.deepEqual([read.list.get(index), read.list.get(index + 1)], ['valid', 'invalid'])
  assert.equal((await http.ask('GET', '/status/99999')).status, 404)
  assert.equal((await http.ask('GET', '/oidc/anything')).body['text'], 'a page')
})

/**
 * @input a request to identity whose form is none, has a parameter twice, or asks for what nobody grants
 * @behaviour 400, 404, 405, 413 or 415 with an OAuth error and what was expected and got; no session is opened
 * @counter cordon_identity_requests_rejected_total{code="BODY_INVALID"}
 */
test('says what was expected and got of every bad request', async () => {
  const key = newKey()
  const form = http.exchangeForm(key)
  const encoded = new URLSearchParams(form).toString()
  const without = (...names: readonly string[]): Record<string, string> =>
    Object.fromEntries(Object.entries(form).filter(([name]) => !names.includes(name)))
  const details = (...identifiers: readonly string[]): string =>
    JSON.stringify(identifiers.map(identifier => ({ type: 'mcp_tool', identifier })))
  const table: readonly (readonly [Record<string, string> | string, number, string, RegExp])[] = [
    ['', 400, 'invalid_request', /grant_type: expected .* got none/],
    [{ ...form, grant_type: 'password' }, 400, 'unsupported_grant_type', /got another/],
    [
      `${encoded}&resource=urn:cordon:server:mail`,
      400,
      'invalid_request',
      /each parameter once, got one twice/,
    ],
    [Buffer.from([0xff]).toString('latin1'), 400, 'invalid_request', /grant_type/],
    ['x'.repeat(270_000), 413, 'invalid_request', /at most 262144 bytes/],
    [without('subject_token'), 400, 'invalid_request', /subject_token/],
    [{ ...form, subject_token_type: 'constructor' }, 400, 'invalid_request', /subject_token_type/],
    [without('actor_token_type'), 400, 'invalid_request', /expected both or none/],
    [{ ...form, actor_token_type: 'urn:x' }, 400, 'invalid_request', /actor_token_type/],
    [
      { ...form, resource: 'https://files.example' },
      400,
      'invalid_request',
      /resource: expected urn:cordon:server/,
    ],
    [{ ...form, authorization_details: '{' }, 400, 'invalid_request', /authorization_details/],
    [{ ...form, authorization_details: '[]' }, 400, 'invalid_request', /1 to 512/],
    [{ ...form, authorization_details: details('files') }, 400, 'invalid_request', /server\/tool/],
    [
      { ...form, authorization_details: '[{"type":"mcp_tool","identifier":"a/b","actions":["x"]}]' },
      400,
      'invalid_request',
      /authorization_details/,
    ],
    [{ ...form, scope: 'tool:files/wipe' }, 400, 'invalid_request', /scope: expected none/],
    [{ ...form, audience: 'mail' }, 400, 'invalid_request', /audience: expected none/],
    [{ ...form, requested_token_type: 'urn:x' }, 400, 'invalid_request', /requested_token_type/],
    [{ ...form, conversation_id: 'a\nb' }, 400, 'invalid_request', /conversation_id/],
    [
      { ...form, authorization_details: details('files/wipe') },
      400,
      'invalid_target',
      /sensitivity 3 is above clearance 2/,
    ],
    [{ ...form, subject_token: 'made up' }, 400, 'invalid_grant', /subject_token/],
    [{ ...form, actor_token: 'made up' }, 400, 'invalid_client', /actor_token/],
  ]
  for (const [body, status, error, message] of table) {
    const answered = await http.post('/token', key, body)
    const label = JSON.stringify(body).slice(0, 200)
    assert.deepEqual([answered.status, answered.body['error']], [status, error], label)
    // RFC 6749 §5.2: neither quotation mark nor backslash.
    assert.match(String(answered.body['error_description']), /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
    assert.match(String(answered.body['error_description']), message, label)
  }
  const json = await http.post('/token', key, encoded, { 'content-type': 'application/json' })
  assert.equal(json.status, 415)
  assert.equal((await http.ask('GET', '/token')).status, 405)
  assert.equal((await http.ask('POST', '/.well-known/jwks.json')).status, 405)
  assert.equal((await http.ask('POST', '/session')).status, 404)
  assert.ok((await http.counted('cordon_identity_requests_rejected_total{code="BODY_INVALID"}')) > 0)
  assert.deepEqual(
    http.identity.scorer.records.filter(({ name }) => name === 'SessionOpened').length,
    http.identity.scorer.standings.size,
  )
})

test('rejects a request with two proofs, or with none', async () => {
  const key = newKey()
  const twice = `${http.identity.prove(key)}, ${http.identity.prove(key)}`
  const both = await http.post('/token', key, http.exchangeForm(key), { dpop: twice })
  assert.deepEqual([both.body['error'], both.body['code']], ['invalid_dpop_proof', 'PROOF_INVALID'])
  const none = await http.ask('POST', '/token', {
    headers: { 'content-type': formType },
    body: new URLSearchParams(http.exchangeForm(key)).toString(),
  })
  assert.deepEqual([none.body['error'], none.body['code']], ['invalid_dpop_proof', 'PROOF_MISSING'])
  const elsewhere = signRequestProof(key, {
    method: 'POST',
    url: 'https://other.example/token',
    issuedAt: http.identity.clock.now(),
    proofId: 'x',
  })
  assert.equal((await http.post('/token', key, http.exchangeForm(key), { dpop: elsewhere })).status, 400)
})

test('rejects a request under the name of another host, which could be a page of somebody else', async () => {
  const status = async (host: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const path = '/.well-known/jwks.json'
      get({ host: '127.0.0.1', port: http.port, path, headers: { host } }, answer => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      }).once('error', reject)
    })
  for (const host of ['identity.example', '127.0.0.1', `127.0.0.1:${http.port}`, '[::1]:1'])
    assert.equal(await status(host), 200, host)
  for (const host of [
    'attacker.example',
    'identity.example.attacker.example',
    '127.0.0.1.attacker.example',
    'localhost',
  ])
    assert.equal(await status(host), 421, host)
})

test('a missing scorer is a clear 503 that may be tried again', async () => {
  http.identity.scorer.opensWith = undefined
  const key = newKey()
  const { status, body, headers } = await http.post('/token', key, http.exchangeForm(key))
  http.identity.scorer.opensWith = 'trusted'
  assert.deepEqual([status, body['error'], headers.get('retry-after')], [503, 'temporarily_unavailable', '1'])
})

test('counts what it refused', async () => {
  const text = await http.metrics()
  assert.match(text, /cordon_identity_requests_rejected_total\{code="BODY_INVALID"\} [1-9]/)
  assert.match(text, /cordon_identity_requests_refused_total\{code="PROOF_MISSING"\} [1-9]/)
})
