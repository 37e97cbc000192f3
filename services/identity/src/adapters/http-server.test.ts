import assert from 'node:assert/strict'
import { get } from 'node:http'
import { after, before, test } from 'node:test'

import type { SessionId } from '@cordon/foundation'
import { createTelemetry } from '@cordon/telemetry'
import {
  generateDownstreamSecret,
  type HolderKey,
  openDownstreamKey,
  parseKeySet,
  signEngineKeys,
  signRequestProof,
  verifyStatusList,
} from '@cordon/tokens'

import { isRevocationScope, revocationTarget } from '../core/revocation-target.ts'
import { sessionEntry } from '../core/session-entry.ts'
import { sessionsPerStatusList } from '../core/session-tokens.ts'
import { statusOf } from '../core/status-of.ts'
import { createEvents } from '../events.ts'
import { bundleOf, bundleText } from '../bundle-fixture.ts'
import {
  createIdentityFixture,
  type IdentityFixture,
  issuer,
  newKey,
  openFixtureDatabase,
} from '../identity-fixture.ts'
import type { Database } from '../ports/database.ts'
import { openEngineKeyBook } from './engine-keys/engine-key-book.ts'
import { type HttpServer, openHttpServer } from './http-server.ts'
import { createSecretCheck } from './operator-secret.ts'
import { createOperatorRoutes } from './operator-routes.ts'
import { openKillSwitch } from './revocations/kill-switch.ts'
import { createRoutes } from './routes.ts'
import { createSessionList } from './session-list.ts'
import { createStatusLists } from './status-lists.ts'
import { createTokenRoutes } from './token-routes.ts'

const secret = 'the-secret-of-the-operators'
const formType = 'application/x-www-form-urlencoded'
let database: Database
let identity: IdentityFixture
let server: HttpServer
let isTopicUp = true
const telemetry = createTelemetry({
  service: 'identity',
  logLevel: 'info',
  destination: { write: () => undefined },
})

before(async () => {
  database = await openFixtureDatabase()
  identity = await createIdentityFixture(database)
  const { sessions, keys, clock, store, scorer } = identity
  const events = createEvents(telemetry, () => 0)
  const killSwitch = await openKillSwitch({
    database,
    clock,
    issuer,
    key: () => keys.current(),
    log: { readAll: () => Promise.resolve(new Map()), publish: () => Promise.resolve(isTopicUp) },
  })
  server = await openHttpServer({
    host: '127.0.0.1',
    port: 0,
    answer: createRoutes({
      issuer,
      keys,
      engineKeys: await openEngineKeyBook({
        database,
        bundles: { current: () => identity.bundle },
        clock,
        issuer,
      }),
      tokens: createTokenRoutes({ sessions, events, now: () => clock.now() }),
      operators: createOperatorRoutes({
        killSwitch,
        keys,
        isSecretShown: createSecretCheck(secret),
        events,
        targetOf: async scope => revocationTarget(scope, identity.bundle, store),
        sessions: createSessionList({
          store,
          decisions: scorer.decisions,
          revocations: killSwitch,
          rules: { sessionEntry },
        }),
        rules: { isRevocationScope },
      }),
      statusLists: createStatusLists({
        store,
        decisions: scorer.decisions,
        revocations: killSwitch,
        clock,
        issuer,
        key: () => keys.current(),
        rules: { statusOf, sessionsPerStatusList },
      }),
      securityEvent: () => Promise.resolve({ status: 202 }),
    }),
    below: { path: '/oidc', handler: (_request, response) => response.end('a page') },
    events,
  })
})
after(async () => {
  await server.close()
  await database.close()
})

interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

const ask = async (method: string, path: string, options: RequestInit = {}): Promise<Answered> => {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method, ...options })
  const text = await response.text()
  const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text }
  return { status: response.status, headers: response.headers, body }
}

const exchangeForm = (key: HolderKey): Record<string, string> => ({
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token: 'token of alice',
  subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  actor_token: identity.attest(key),
  actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  resource: 'urn:cordon:server:files',
  authorization_details: JSON.stringify([{ type: 'mcp_tool', identifier: 'files/read_file' }]),
})

const rejected = async (code: string): Promise<number> => {
  const series = `cordon_identity_requests_rejected_total{code="${code}"} `
  const line = (await telemetry.metrics()).split('\n').find(each => each.startsWith(series))
  return Number(line?.slice(series.length) ?? 0)
}

const post = async (
  path: string,
  key: HolderKey,
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> =>
  ask('POST', path, {
    headers: { 'content-type': formType, dpop: identity.prove(key, { url: `${issuer}${path}` }), ...headers },
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
  })

const engineKey = openDownstreamKey(generateDownstreamSecret())

test('publishes the keys of the engines that the bundle names, as they announce them', async () => {
  const { kty, crv, x } = engineKey.publicJwk
  const text = bundleText as { readonly identity: object }
  const bundle = identity.bundle
  identity.bundle = bundleOf({ ...text, identity: { ...text.identity, engines: { a: { kty, crv, x } } } })
  const callKey = openDownstreamKey(generateDownstreamSecret()).publicJwk
  const keys = [{ jwk: callKey, until: identity.clock.now() + 60_000 }]
  const statement = signEngineKeys(engineKey, issuer, { issuedAt: identity.clock.now(), keys })
  const announce = async (body: object): Promise<Answered> =>
    ask('POST', '/engines/keys', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  assert.equal((await announce({ statement })).status, 204)
  const published = await ask('GET', '/engines/jwks.json')
  assert.deepEqual([published.status, published.body], [200, { keys: [callKey] }])
  assert.equal(published.headers.get('cache-control'), 'public, max-age=60')
  identity.bundle = bundle
  assert.deepEqual((await ask('GET', '/engines/jwks.json')).body, { keys: [] })
})

/**
 * @input an announcement of engines' keys by somebody whom the bundle does not name, or of another deployment
 * @behaviour 403, and nothing is published
 * @counter cordon_identity_requests_rejected_total{code="ENGINE_KEYS_REFUSED"}
 */
test('rejects keys that a stranger announces as an engine’s', async () => {
  const before = await rejected('ENGINE_KEYS_REFUSED')
  const keys = [{ jwk: engineKey.publicJwk, until: identity.clock.now() + 60_000 }]
  const statement = signEngineKeys(engineKey, issuer, { issuedAt: identity.clock.now(), keys })
  const headers = { 'content-type': 'application/json' }
  const told = await ask('POST', '/engines/keys', { headers, body: JSON.stringify({ statement }) })
  assert.deepEqual([told.status, told.body['error']], [403, 'ENGINE_KEYS_REFUSED'])
  assert.match(
    String(told.body['message']),
    /expected the key of an engine that the bundle names, got another/,
  )
  assert.deepEqual((await ask('GET', '/engines/jwks.json')).body, { keys: [] })
  assert.equal(await rejected('ENGINE_KEYS_REFUSED'), before + 1)
})

test('exchanges, renews and ends a session as RFC 8693, 6749 and 7009 have it', async () => {
  const key = newKey()
  const opened = await post('/token', key, exchangeForm(key))
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
    actor_token: identity.attest(key),
    actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    resource: 'urn:cordon:server:files',
  }
  const renewed = await post('/token', key, renewal)
  assert.deepEqual([renewed.status, renewed.body['refresh_token']], [200, undefined])
  assert.equal((await post('/revoke', key, { token: String(refreshToken) })).status, 200)
  const late = await post('/token', key, renewal)
  assert.deepEqual(
    [late.status, late.body['error'], late.body['code']],
    [400, 'invalid_grant', 'SESSION_ENDED'],
  )
})

test('publishes the public keys, what it can do, and statuses to everybody', async () => {
  const keys = await ask('GET', '/.well-known/jwks.json')
  assert.equal(keys.headers.get('cache-control'), 'public, max-age=60')
  assert.doesNotMatch(JSON.stringify(keys.body), /"d":/)
  const metadata = (await ask('GET', '/.well-known/oauth-authorization-server')).body
  assert.deepEqual(
    [metadata['issuer'], metadata['token_endpoint'], metadata['jwks_uri']],
    [issuer, `${issuer}/token`, `${issuer}/.well-known/jwks.json`],
  )
  const key = newKey()
  const { body } = await post('/token', key, exchangeForm(key))
  const verified = identity.keys.verifier.verify(String(body['access_token']), 'files', identity.clock.now())
  assert.ok(verified.ok)
  const { uri, index } = verified.token.status
  const list = await ask('GET', new URL(uri).pathname)
  assert.equal(list.headers.get('content-type'), 'application/statuslist+jwt')
  const read = verifyStatusList(
    String(list.body['text']),
    { issuer, uri },
    parseKeySet(keys.body),
    identity.clock.now(),
  )
  assert.ok(typeof read !== 'string')
  assert.deepEqual([read.list.get(index), read.list.get(index + 1)], ['valid', 'invalid'])
  assert.equal((await ask('GET', '/status/99999')).status, 404)
  assert.equal((await ask('GET', '/oidc/anything')).body['text'], 'a page')
})

/**
 * @input a request to identity whose form is none, has a parameter twice, or asks for what nobody grants
 * @behaviour 400, 404, 405, 413 or 415 with an OAuth error and what was expected and got; no session is opened
 * @counter cordon_identity_requests_rejected_total{code="BODY_INVALID"}
 */
test('says what was expected and got of every bad request', async () => {
  const key = newKey()
  const form = exchangeForm(key)
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
    const answered = await post('/token', key, body)
    const label = JSON.stringify(body).slice(0, 200)
    assert.deepEqual([answered.status, answered.body['error']], [status, error], label)
    // RFC 6749 §5.2: neither quotation mark nor backslash.
    assert.match(String(answered.body['error_description']), /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
    assert.match(String(answered.body['error_description']), message, label)
  }
  const json = await post('/token', key, encoded, { 'content-type': 'application/json' })
  assert.equal(json.status, 415)
  assert.equal((await ask('GET', '/token')).status, 405)
  assert.equal((await ask('POST', '/.well-known/jwks.json')).status, 405)
  assert.equal((await ask('POST', '/session')).status, 404)
  assert.ok((await rejected('BODY_INVALID')) > 0)
  assert.deepEqual(
    identity.scorer.records.filter(({ name }) => name === 'SessionOpened').length,
    identity.scorer.standings.size,
  )
})

test('rejects a request with two proofs, or with none', async () => {
  const key = newKey()
  const twice = `${identity.prove(key)}, ${identity.prove(key)}`
  const both = await post('/token', key, exchangeForm(key), { dpop: twice })
  assert.deepEqual([both.body['error'], both.body['code']], ['invalid_dpop_proof', 'PROOF_INVALID'])
  const none = await ask('POST', '/token', {
    headers: { 'content-type': formType },
    body: new URLSearchParams(exchangeForm(key)).toString(),
  })
  assert.deepEqual([none.body['error'], none.body['code']], ['invalid_dpop_proof', 'PROOF_MISSING'])
  const elsewhere = signRequestProof(key, {
    method: 'POST',
    url: 'https://other.example/token',
    issuedAt: identity.clock.now(),
    proofId: 'x',
  })
  assert.equal((await post('/token', key, exchangeForm(key), { dpop: elsewhere })).status, 400)
})

/**
 * @input a request for the kill switch, the list of sessions or a new key without the operators' secret, or with another
 * @behaviour 401 `SECRET_WRONG`, whatever else it asks; nothing is revoked or told
 * @counter cordon_identity_requests_rejected_total{code="SECRET_WRONG"}
 */
test("rejects everybody who does not show the operators' secret", async () => {
  for (const authorization of ['', secret, 'Bearer ', `Bearer ${secret}x`, `Basic ${secret}`])
    for (const [method, path] of [
      ['GET', '/revocations'],
      ['GET', '/sessions'],
      ['POST', '/revocations'],
      ['DELETE', '/revocations/agent:x'],
      ['POST', '/keys/rotate'],
    ] as const) {
      const { status, body, headers } = await ask(method, path, { headers: { authorization } })
      assert.deepEqual([status, body['error']], [401, 'SECRET_WRONG'])
      assert.equal(headers.get('www-authenticate'), 'Bearer')
    }
  assert.equal(await rejected('SECRET_WRONG'), 25)
})

test('rejects a request under the name of another host, which could be a page of somebody else', async () => {
  const status = async (host: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const path = '/.well-known/jwks.json'
      get({ host: '127.0.0.1', port: server.port, path, headers: { host } }, answer => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      }).once('error', reject)
    })
  for (const host of ['identity.example', '127.0.0.1', `127.0.0.1:${server.port}`, '[::1]:1'])
    assert.equal(await status(host), 200, host)
  for (const host of [
    'attacker.example',
    'identity.example.attacker.example',
    '127.0.0.1.attacker.example',
    'localhost',
  ])
    assert.equal(await status(host), 421, host)
})

test('operators revoke, see, and take back; a broker that is away is said so', async () => {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
  const revoke = async (body: unknown): Promise<Answered> =>
    ask('POST', '/revocations', { headers, body: JSON.stringify(body) })
  const slip = await revoke({ scope: 'human:bob', reason: 'left' })
  assert.deepEqual([slip.status, slip.body['error']], [400, 'SCOPE_UNKNOWN'])
  const forced = await revoke({ scope: 'human:bob', reason: 'left', force: true })
  assert.deepEqual([forced.status, forced.body], [201, { scope: 'human:bob', openSessions: 0 }])
  const { revocations } = (await ask('GET', '/revocations', { headers })).body as {
    revocations: { scope: string; active: boolean; reason: string }[]
  }
  assert.deepEqual(
    revocations.map(({ scope, active, reason }) => [scope, active, reason]),
    [['human:bob', true, 'left']],
  )
  isTopicUp = false
  const away = await revoke({ scope: 'agent:agent-8', reason: 'odd' })
  assert.deepEqual([away.status, away.body['error']], [503, 'LOG_UNAVAILABLE'])
  isTopicUp = true
  assert.equal((await ask('DELETE', '/revocations/human%3Abob', { headers })).status, 204)
  assert.equal((await ask('DELETE', '/revocations/human%3Abob', { headers })).status, 404)
  assert.equal((await ask('DELETE', '/revocations/%E0', { headers })).status, 400)
  for (const body of [
    { scope: 'role:x', reason: 'r' },
    { scope: 'human:x' },
    { scope: 'human:x', reason: 'r', by: 'me' },
  ])
    assert.equal((await revoke(body)).status, 400)
})

test('operators see every open session: who, since when, how it stands, and what stops it', async () => {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
  const list = async () =>
    (await ask('GET', '/sessions', { headers })).body['sessions'] as Readonly<Record<string, unknown>>[]
  const before = await list()
  const key = newKey()
  const openedAt = new Date(identity.clock.now()).toISOString()
  const { session_id: sessionId, refresh_token: token } = (await post('/token', key, exchangeForm(key))).body
  identity.clock.advance(1_000)
  const acted = identity.clock.now()
  identity.sessions.acted(sessionId as SessionId, acted)
  await identity.sessions.endDue()
  const [shown, ...others] = (await list()).slice(before.length)
  assert.equal(others.length, 0)
  assert.deepEqual(
    { ...shown, endsAt: undefined },
    {
      sessionId,
      human: 'alice',
      agent: 'agent-7',
      platform: 'desk',
      standing: 'trusted',
      revokedBy: null,
      parent: null,
      openedAt,
      lastSeenAt: new Date(acted).toISOString(),
      endsAt: undefined,
    },
  )
  const scope = `session:${String(sessionId)}`
  await ask('POST', '/revocations', { headers, body: JSON.stringify({ scope, reason: 'odd' }) })
  assert.equal((await list()).at(-1)?.['revokedBy'], scope)
  await post('/revoke', key, { token: String(token) })
  assert.deepEqual(await list(), before)
  assert.equal((await ask('GET', '/sessions?after=x', { headers })).body['error'], 'QUERY_INVALID')
  assert.equal((await ask('DELETE', '/sessions', { headers })).status, 405)
})

test('a missing scorer is a clear 503 that may be tried again', async () => {
  identity.scorer.opensWith = undefined
  const key = newKey()
  const { status, body, headers } = await post('/token', key, exchangeForm(key))
  identity.scorer.opensWith = 'trusted'
  assert.deepEqual([status, body['error'], headers.get('retry-after')], [503, 'temporarily_unavailable', '1'])
})

test('counts what it refused', async () => {
  const text = await telemetry.metrics()
  assert.match(text, /cordon_identity_requests_rejected_total\{code="SECRET_WRONG"\} [1-9]/)
  assert.match(text, /cordon_identity_requests_rejected_total\{code="BODY_INVALID"\} [1-9]/)
  assert.match(text, /cordon_identity_requests_refused_total\{code="PROOF_MISSING"\} [1-9]/)
})
