import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { createTelemetry } from '@cordon/telemetry'
import { parseKeySet } from '@cordon/tokens'

import { createEvents } from '../events.ts'
import { createIdentityFixture, type IdentityFixture } from '../identity-fixture.ts'
import { type HttpServer, openHttpServer } from './http-server.ts'
import { createRoutes } from './routes.ts'
import { createSecretCheck } from './startup-secret.ts'

const secret = 'the-start-up-secret'
const authorized = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
const opening = {
  human: 'alice',
  agentId: 'agent-7',
  role: 'analyst',
  platform: 'desk',
  tools: ['files/read_file'],
}

let identity: IdentityFixture
let server: HttpServer
const telemetry = createTelemetry({
  service: 'identity',
  logLevel: 'info',
  destination: { write: () => undefined },
})

before(async () => {
  identity = await createIdentityFixture()
  const events = createEvents(telemetry, () => 0)
  server = await openHttpServer({
    host: '127.0.0.1',
    port: 0,
    answer: createRoutes({
      sessions: identity.sessions,
      publicJwk: identity.key.publicJwk,
      isSecretShown: createSecretCheck(secret),
      events,
    }),
    events,
  })
})
after(async () => server.close())

interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

const ask = async (method: string, path: string, options: RequestInit = {}): Promise<Answered> => {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: authorized,
    ...options,
  })
  const text = await response.text()
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
  return { status: response.status, headers: response.headers, body }
}

const open = async (over: object = {}): Promise<Answered> =>
  ask('POST', '/sessions', { body: JSON.stringify({ ...opening, ...over }) })

const rejected = async (code: string): Promise<number> => {
  const series = `cordon_identity_requests_rejected_total{code="${code}"} `
  const line = (await telemetry.metrics()).split('\n').find(each => each.startsWith(series))
  return Number(line?.slice(series.length) ?? 0)
}

test('opens, renews and ends a session', async () => {
  const opened = await open({ conversationId: 'c-1' })
  assert.equal(opened.status, 201)
  assert.equal(opened.headers.get('cache-control'), 'no-store')
  const { sessionId, tokens, expiresAt, endsAt } = opened.body
  assert.ok(typeof tokens === 'object' && tokens !== null && 'files' in tokens)
  assert.match(String(expiresAt), /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/)
  assert.match(String(endsAt), /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/)
  const renewed = await ask('POST', `/sessions/${String(sessionId)}/tokens`)
  assert.equal(renewed.status, 200)
  assert.equal((await ask('DELETE', `/sessions/${String(sessionId)}`)).status, 204)
  const late = await ask('POST', `/sessions/${String(sessionId)}/tokens`, { body: '{}' })
  assert.deepEqual([late.status, late.body['error']], [410, 'SESSION_ENDED'])
})

test('publishes the key set to everybody, and only the public half', async () => {
  const { status, body } = await ask('GET', '/.well-known/jwks.json', { headers: {} })
  assert.equal(status, 200)
  assert.deepEqual([...parseKeySet(body).keys()], [identity.key.keyId])
  assert.doesNotMatch(JSON.stringify(body), /"d":/)
})

/**
 * @input a request to identity without its start-up secret, or with another
 * @behaviour 401 `SECRET_WRONG`, whatever else it asks; the key set is for everybody
 * @counter cordon_identity_requests_rejected_total{code="SECRET_WRONG"}
 */
test('rejects everybody who does not show the start-up secret', async () => {
  for (const authorization of [undefined, '', secret, 'Bearer ', `Bearer ${secret}x`, `Basic ${secret}`]) {
    const headers = { ...authorized, authorization: authorization ?? '' }
    const {
      status,
      body,
      headers: answered,
    } = await ask('POST', '/sessions', {
      headers,
      body: JSON.stringify(opening),
    })
    assert.deepEqual([status, body['error']], [401, 'SECRET_WRONG'])
    assert.equal(answered.get('www-authenticate'), 'Bearer')
  }
  assert.equal(await rejected('SECRET_WRONG'), 6)
})

/**
 * @input requests to identity with another method, path or media type, no JSON, no UTF-8, members twice, missing or unknown, more than 64 KiB
 * @behaviour 400, 404, 405, 413 or 415 with what was expected and got; no session is opened
 * @counter cordon_identity_requests_rejected_total{code="BODY_INVALID"}
 */
test('says what was expected and got of every bad request', async () => {
  const id = '0.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b'
  const json = JSON.stringify(opening)
  const table: readonly (readonly [string, string, RequestInit, number, string, RegExp])[] = [
    ['GET', '/sessions', {}, 405, 'METHOD_NOT_ALLOWED', /expected POST, got GET/],
    ['PUT', `/sessions/${id}`, {}, 405, 'METHOD_NOT_ALLOWED', /expected DELETE, got PUT/],
    ['GET', `/sessions/${id}/tokens`, {}, 405, 'METHOD_NOT_ALLOWED', /expected POST/],
    ['POST', '/.well-known/jwks.json', {}, 405, 'METHOD_NOT_ALLOWED', /expected GET, HEAD/],
    ['GET', '/other', {}, 404, 'NOT_FOUND', /expected \/sessions/],
    ['DELETE', '/sessions/1.x', {}, 400, 'SESSION_ID_MALFORMED', /<partition>\.<uuid>/],
    ['DELETE', `/sessions/${id}`, {}, 404, 'SESSION_UNKNOWN', /opened and decided on/],
    [
      'POST',
      '/sessions',
      { headers: { authorization: authorized.authorization }, body: json },
      415,
      'MEDIA_TYPE_UNSUPPORTED',
      /got text\/plain/,
    ],
    [
      'POST',
      '/sessions',
      { body: Buffer.concat([Buffer.from(json.slice(0, -2)), Buffer.from([0xff]), Buffer.from('"}')]) },
      400,
      'BODY_NOT_JSON',
      /expected JSON in UTF-8, got other bytes/,
    ],
    [
      'POST',
      '/sessions',
      { body: json.replace('{', '{"human":"mallory",') },
      400,
      'BODY_INVALID',
      /expected each member name once, got one twice/,
    ],
    ['POST', '/sessions', { body: '{}' }, 400, 'BODY_INVALID', /human: expected string, got nothing/],
    ['POST', `/sessions/${id}/tokens`, {}, 404, 'SESSION_UNKNOWN', /opened and decided on/],
    ['POST', '/sessions', { body: '{"human":' }, 400, 'BODY_NOT_JSON', /expected JSON/],
    ['POST', '/sessions', { body: '[]' }, 400, 'BODY_INVALID', /body: expected object, got array/],
    [
      'POST',
      '/sessions',
      { body: JSON.stringify({ ...opening, human: '', admin: true }) },
      400,
      'BODY_INVALID',
      /human: expected 1 to 256 printable.*admin/,
    ],
    [
      'POST',
      '/sessions',
      { body: JSON.stringify({ ...opening, tools: ['files'] }) },
      400,
      'BODY_INVALID',
      /tools\.0: expected "server\/tool"/,
    ],
    [
      'POST',
      '/sessions',
      { body: JSON.stringify({ ...opening, tools: ['mail/send'] }) },
      403,
      'TOOLS_REFUSED',
      /got mail\/send/,
    ],
    [
      'POST',
      '/sessions',
      { body: JSON.stringify({ ...opening, role: 'king' }) },
      400,
      'ROLE_UNKNOWN',
      /expected one of analyst, got king/,
    ],
    ['POST', '/sessions', { body: ' '.repeat(70_000) }, 413, 'BODY_TOO_LARGE', /at most 65536 bytes/],
    ['POST', `/sessions/${id}/tokens`, { body: '{"tools":[]}' }, 400, 'BODY_INVALID', /tools/],
  ]
  for (const [method, path, options, status, code, message] of table) {
    const answered = await ask(method, path, options)
    assert.deepEqual([answered.status, answered.body['error']], [status, code], `${method} ${path}`)
    assert.match(String(answered.body['message']), message)
  }
  assert.equal(await rejected('BODY_INVALID'), 6)
})

test('a missing scorer is a clear 503 that may be tried again', async () => {
  identity.scorer.opensWith = undefined
  const { status, body, headers } = await open()
  identity.scorer.opensWith = 'trusted'
  assert.deepEqual([status, body['error']], [503, 'DECISION_MISSING'])
  assert.equal(headers.get('retry-after'), '1')
})

test('refusals are counted under closed labels', async () => {
  const metrics = await telemetry.metrics()
  assert.match(metrics, /cordon_identity_requests_refused_total\{code="DECISION_MISSING"\} 1/)
  assert.match(metrics, /cordon_identity_requests_refused_total\{code="BUNDLE_MISSING"\} 0/)
})
