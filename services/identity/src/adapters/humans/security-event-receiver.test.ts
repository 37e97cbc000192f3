import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'

import { exportJWK, generateKeyPair, SignJWT } from 'jose'

import { judgeSecurityEvent, receiversOf, sessionRevoked } from '../../core/humans/judge-security-event.ts'
import type { Database } from '../../ports/database.ts'
import type { HumanSessionEnded } from '../../ports/humans.ts'
import { openDatabase } from '../database/open-database.ts'
import { humanMigrations } from './human-migrations.ts'
import { createProviderKeys } from './provider-keys.ts'
import { createSecurityEventReceiver, type PushOutcome } from './security-event-receiver.ts'

const issuer = 'https://idp.example.com'
const rsa = await generateKeyPair('RS256', { extractable: true })
const other = await generateKeyPair('RS256')
const providers = {
  [issuer]: {
    audiences: ['cordon'],
    jwks: { keys: [{ ...(await exportJWK(rsa.publicKey)), kid: 'rsa' }] },
    algorithms: ['RS256'] as const,
    roles: [],
    entitlements: [],
    clearances: [],
  },
}
const now = 1_800_000_000_000

let database: Database
let ended: HumanSessionEnded[] = []
let outcomes: PushOutcome[] = []
let failing = false
let address = ''
let close = (): void => undefined

before(async () => {
  database = await openDatabase({
    location: { kind: 'memory' },
    migrations: humanMigrations,
    onLost: () => undefined,
  })
  const receive = createSecurityEventReceiver({
    keys: createProviderKeys(),
    clock: { now: () => now },
    database,
    endings: {
      ended: async ending => {
        if (failing) throw new Error('the log does not answer')
        ended.push(ending)
      },
    },
    receivers: ['https://identity.example/caep'],
    providers: () => providers,
    rules: { judgeSecurityEvent, receiversOf },
    onOutcome: outcome => outcomes.push(outcome),
  })
  const server = createServer((request, response) => {
    receive(request).then(
      ({ status, body, headers }) => {
        response.writeHead(status, { ...headers })
        response.end(body === undefined ? undefined : JSON.stringify(body))
      },
      () => response.writeHead(500).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  close = () => {
    server.closeAllConnections()
    server.close()
  }
})
after(async () => {
  close()
  await database.close()
})
beforeEach(() => {
  ended = []
  outcomes = []
  failing = false
})

let count = 0
const sign = async (over: object = {}, key = rsa.privateKey, typ = 'secevent+jwt'): Promise<string> =>
  new SignJWT({
    iss: issuer,
    jti: `event-${(count += 1)}`,
    iat: now / 1000,
    aud: 'https://identity.example/caep',
    sub_id: {
      format: 'complex',
      user: { format: 'iss_sub', iss: issuer, sub: 'alice' },
      session: { format: 'opaque', id: 's-1' },
    },
    events: { [sessionRevoked]: { event_timestamp: now / 1000 } },
    ...over,
  })
    .setProtectedHeader({ alg: 'RS256', kid: 'rsa', typ })
    .sign(key)

const push = async (
  body: string,
  type = 'application/secevent+jwt',
): Promise<[number, string | undefined]> => {
  const response = await fetch(address, { method: 'POST', body, headers: { 'content-type': type } })
  const text = await response.text()
  if (response.status === 400) assert.equal(response.headers.get('content-language'), 'en')
  return [response.status, text === '' ? undefined : (JSON.parse(text) as { err: string }).err]
}

test('a session that its provider revoked ends, and the answer is 202 without a body', async () => {
  assert.deepEqual(await push(await sign()), [202, undefined])
  assert.deepEqual(ended, [{ issuer, subject: 'alice', session: 's-1', at: now }])
  assert.deepEqual(outcomes, ['ended'])
})

test('rejects a replayed event: it is acknowledged, and ends nobody again', async () => {
  const event = await sign()
  await push(event)
  assert.deepEqual(await push(event), [202, undefined])
  assert.equal(ended.length, 1)
  assert.deepEqual(outcomes, ['ended', 'repeated'])
})

/**
 * @fault the log does not answer while a provider pushes that a human's session is over
 * @behaviour the provider hears no 202 and pushes again; then the agent sessions end
 * @counter none: the answer 500 is counted as `cordon_identity_requests_failed_total` by the server
 */
test('an event is taken only once what it ends is on record', async () => {
  failing = true
  const event = await sign()
  assert.equal((await push(event))[0], 500)
  failing = false
  assert.equal((await push(event))[0], 202)
  assert.equal(ended.length, 1)
})

test('rejects a forged event, one for others, one of nobody, by the codes of RFC 8935', async () => {
  const table: readonly [string, string][] = [
    [await sign({}, other.privateKey), 'invalid_key'],
    [await sign({ iss: 'https://other.example' }), 'invalid_issuer'],
    [await sign({ aud: 'https://other.example' }), 'invalid_audience'],
    [await sign({}, rsa.privateKey, 'JWT'), 'invalid_request'],
    [await sign({ exp: now / 1000 + 60 }), 'invalid_request'],
    ['no token at all', 'invalid_request'],
    [
      await sign({ sub_id: { format: 'iss_sub', iss: 'https://other.example', sub: 'bob' } }),
      'access_denied',
    ],
  ]
  for (const [event, error] of table) assert.deepEqual(await push(event), [400, error])
  assert.deepEqual(ended, [])
  assert.deepEqual(
    outcomes,
    table.map(([, error]) => error),
  )
})

test('rejects another media type and a body without end', async () => {
  assert.deepEqual(await push(await sign(), 'application/jwt'), [400, 'invalid_request'])
  assert.deepEqual(await push('x'.repeat(40_000)), [400, 'invalid_request'])
})

test('an event of another kind is received and ends nothing', async () => {
  const events = { 'https://schemas.openid.net/secevent/caep/event-type/credential-change': {} }
  assert.deepEqual(await push(await sign({ events })), [202, undefined])
  assert.deepEqual(outcomes, ['unused'])
})
