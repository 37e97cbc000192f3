import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  claims,
  header,
  issuer,
  key,
  makeToken,
  request,
  stranger,
} from '../downstream/downstream-fixture.ts'
import { generateSigningKeyPem, openSigningKey } from '../signing-key.ts'
import { createStatusList } from '../status/status-list.ts'
import { signStatusList } from '../status/status-list-token.ts'
import { createReceiver, type Receiver, type ReceiverOptions } from './receiver.ts'
import { createClock, serve, serveText } from './receiver-fixture.ts'
import type { SpentTokens } from './spent-tokens.ts'

const given: ReceiverOptions = {
  server: 'files',
  issuer,
  keys: { keys: [key.publicJwk] },
  statusList: 'none',
  clock: { now: () => claims.iat * 1000 },
}

const reasonOf = async (receiver: Receiver, token: string): Promise<string> => {
  const result = await receiver.verify(token, request)
  return result.ok ? 'accepted' : result.reason
}

test('says on whose behalf a request came', async () => {
  const result = await createReceiver(given).verify(makeToken(), request)
  assert.ok(result.ok)
  assert.deepEqual(
    [result.human, result.actor?.agentId, result.requestId],
    ['alice', 'agent-7', 'invocation-1'],
  )
})

test('rejects a downstream token used twice, also at once', async () => {
  const receiver = createReceiver(given)
  const results = await Promise.all([1, 2, 3].map(() => reasonOf(receiver, makeToken())))
  assert.deepEqual(results, ['accepted', 'TOKEN_SPENT', 'TOKEN_SPENT'])
  const again = makeToken({ ...claims, exp: claims.exp - 1 })
  assert.equal(await reasonOf(receiver, again), 'TOKEN_SPENT')
})

test('rejects what was issued before it started: it may have been used', async () => {
  const early = createReceiver({ ...given, clock: { now: () => claims.iat * 1000 } })
  assert.equal(await reasonOf(early, makeToken()), 'accepted')
  const restarted = createReceiver({ ...given, clock: { now: () => claims.iat * 1000 + 1 } })
  assert.equal(await reasonOf(restarted, makeToken()), 'ISSUED_BEFORE_START')
})

test('with a store that outlives it, what was used before its start is known, and the rest is good', async () => {
  const used = new Set<string>()
  const spentTokens: SpentTokens = {
    spend(id) {
      if (used.has(id)) return Promise.resolve('spent')
      used.add(id)
      return Promise.resolve('fresh')
    },
  }
  assert.equal(await reasonOf(createReceiver({ ...given, spentTokens }), makeToken()), 'accepted')
  assert.equal(await reasonOf(createReceiver({ ...given, spentTokens }), makeToken()), 'TOKEN_SPENT')
})

test('a refusal does not use a token up', async () => {
  const receiver = createReceiver(given)
  const other = await receiver.verify(makeToken(), { ...request, tool: 'write_file' })
  assert.deepEqual(other, { ok: false, reason: 'TOOL_REFUSED' })
  assert.equal(await reasonOf(receiver, makeToken()), 'accepted')
})

test('refuses what it could not remember', async () => {
  const receiver = createReceiver({ ...given, maxTokens: 1 })
  assert.equal(await reasonOf(receiver, makeToken()), 'accepted')
  assert.equal(await reasonOf(receiver, makeToken({ ...claims, jti: 'b' })), 'RECEIVER_FULL')
})

test('follows a rotation of keys without a gap, and asks for keys no more than once in 10 s', async context => {
  const jwks = await serveText(context, JSON.stringify({ keys: [key.publicJwk] }))
  const clock = createClock(claims.iat * 1000)
  const receiver = createReceiver({ ...given, keys: { url: jwks.url }, clock })
  assert.equal(await reasonOf(receiver, makeToken()), 'accepted')
  const next = makeToken({ ...claims, jti: 'b' }, { ...header, kid: stranger.keyId }, stranger)
  for (let attempt = 0; attempt < 5; attempt += 1) assert.equal(await reasonOf(receiver, next), 'KEY_UNKNOWN')
  assert.equal(jwks.asked, 1)
  jwks.text = JSON.stringify({ keys: [key.publicJwk, stranger.publicJwk] })
  clock.advance(10_000)
  assert.equal(await reasonOf(receiver, next), 'accepted')
  assert.equal(await reasonOf(receiver, makeToken({ ...claims, jti: 'c' })), 'accepted')
  assert.equal(jwks.asked, 2)
})

test('a key that was withdrawn is trusted for 5 minutes at most', async context => {
  const jwks = await serveText(context, JSON.stringify({ keys: [key.publicJwk] }))
  const clock = createClock(claims.iat * 1000)
  const receiver = createReceiver({ ...given, keys: { url: jwks.url }, clock })
  await reasonOf(receiver, makeToken())
  jwks.text = JSON.stringify({ keys: [stranger.publicJwk] })
  clock.advance(5 * 60_000)
  const late = makeToken({ ...claims, iat: claims.iat + 300, exp: claims.exp + 300 })
  assert.equal(await reasonOf(receiver, late), 'KEY_UNKNOWN')
})

test('an empty key set withdraws every key: it is no failure that old ones outlive', async context => {
  const jwks = await serveText(context, JSON.stringify({ keys: [key.publicJwk] }))
  const clock = createClock(claims.iat * 1000)
  const receiver = createReceiver({ ...given, keys: { url: jwks.url }, clock })
  assert.equal(await reasonOf(receiver, makeToken()), 'accepted')
  jwks.text = JSON.stringify({ keys: [] })
  clock.advance(5 * 60_000)
  const late = makeToken({ ...claims, jti: 'b', iat: claims.iat + 300, exp: claims.exp + 300 })
  assert.equal(await reasonOf(receiver, late), 'KEYS_UNAVAILABLE')
})

test('without keys it cannot tell; with old ones it goes on for an hour', async context => {
  const jwks = await serveText(context, 'not a key set')
  const clock = createClock(claims.iat * 1000)
  const receiver = createReceiver({ ...given, keys: { url: jwks.url }, clock })
  assert.equal(await reasonOf(receiver, makeToken()), 'KEYS_UNAVAILABLE')
  jwks.text = JSON.stringify({ keys: [key.publicJwk] })
  assert.equal(await reasonOf(receiver, makeToken()), 'KEYS_UNAVAILABLE')
  clock.advance(1_000)
  assert.equal(await reasonOf(receiver, makeToken()), 'accepted')
  jwks.status = 500
  for (const [minutes, expected] of [
    [30, 'accepted'],
    [31, 'KEYS_UNAVAILABLE'],
  ] as const) {
    clock.advance(minutes * 60_000)
    const iat = Math.floor(clock.now() / 1000)
    assert.equal(
      await reasonOf(receiver, makeToken({ ...claims, jti: expected, iat, exp: iat + 60 })),
      expected,
    )
  }
})

test('rejects the token of a session that ended or is suspended, and one whose status nobody can tell', async context => {
  const identity = await openSigningKey(generateSigningKeyPem())
  const server = await serveText(context, '')
  const uri = `${server.url}/status/0`
  const clock = createClock(claims.iat * 1000)
  const list = createStatusList(8)
  const sign = (signer = identity): string =>
    signStatusList({ issuer: 'i', uri, list, key: signer, now: clock.now(), lifetimeSeconds: 5 })
  const statusList = { url: `${server.url}/status/`, issuer: 'i', keys: { keys: [identity.publicJwk] } }
  const receiver = createReceiver({ ...given, clock, statusList })
  const show = (jti: string, entry: object = { idx: 7, uri }): Promise<string> =>
    reasonOf(receiver, makeToken({ ...claims, jti, status: { status_list: entry } }))

  assert.equal(await show('a'), 'STATUS_UNKNOWN')
  server.text = sign()
  clock.advance(1000)
  assert.equal(await show('b'), 'accepted')
  list.set(7, 'suspended')
  server.text = sign()
  assert.equal(await show('c'), 'accepted', 'within the lifetime of the list')
  clock.advance(5000)
  assert.equal(await show('d'), 'SESSION_SUSPENDED')
  list.set(7, 'valid')
  clock.advance(2000)
  const older = sign()
  list.set(7, 'invalid')
  clock.advance(3000)
  server.text = sign()
  assert.equal(await show('e'), 'SESSION_INVALID')
  server.text = older
  clock.advance(5000)
  assert.equal(await show('f'), 'SESSION_INVALID', 'an older list changes nothing')
  clock.advance(5000)
  assert.equal(await show('g'), 'STATUS_UNKNOWN', 'nor is a stale one believed')
  server.text = sign(await openSigningKey(generateSigningKeyPem()))
  clock.advance(1000)
  assert.equal(await show('h'), 'STATUS_UNKNOWN', 'nor a forged one')
  assert.equal(await show('i', { idx: 9, uri }), 'STATUS_UNKNOWN')
})

test('what only stops what a session began is believed when it is over, once, and what begins something is not', async () => {
  const statusList = { url: 'http://127.0.0.1:1/', issuer: 'i', keys: { keys: [key.publicJwk] } }
  const receiver = createReceiver({ ...given, statusList })
  const show = async (method: string): Promise<string> => {
    const token = makeToken({ ...claims, jti: method, mcp: { method } })
    const result = await receiver.verify(token, { method })
    return result.ok ? 'accepted' : result.reason
  }
  for (const method of ['DELETE', 'notifications/cancelled', 'tasks/cancel']) {
    assert.equal(await show(method), 'accepted', method)
    assert.equal(await show(method), 'TOKEN_SPENT', method)
  }
  for (const method of ['GET', 'tasks/result', 'notifications/initialized'])
    assert.equal(await show(method), 'STATUS_UNKNOWN', method)
})

test('a token cannot send it to another address for its status', async context => {
  const attacker = await serveText(context, '')
  // A host that begins with the name of ours.
  for (const url of ['https://identity.example/status/', attacker.url.slice(0, -1)]) {
    const statusList = { url, issuer: 'i', keys: { keys: [key.publicJwk] } }
    const receiver = createReceiver({ ...given, statusList })
    const status = { status_list: { idx: 0, uri: `${attacker.url}/0` } }
    assert.equal(await reasonOf(receiver, makeToken({ ...claims, status })), 'STATUS_UNKNOWN')
  }
  assert.equal(attacker.asked, 0)
})

test('of identity one address is enough: keys, lists and names follow from it', async context => {
  const asked: string[] = []
  const url = await serve(context, (request, response) => {
    asked.push(request.url ?? '')
    response.end(JSON.stringify({ keys: [key.publicJwk] }))
  })
  const receiver = createReceiver({
    server: 'files',
    identity: url,
    clock: { now: () => claims.iat * 1000 },
  })
  const mine = { ...claims, iss: `${url}/engines` }
  assert.equal(await reasonOf(receiver, makeToken()), 'ISSUER_REFUSED')
  const status = { status_list: { idx: 7, uri: `${url}/status/0` } }
  assert.equal(await reasonOf(receiver, makeToken({ ...mine, status })), 'STATUS_UNKNOWN')
  assert.deepEqual(asked, ['/engines/jwks.json', '/status/0', '/.well-known/jwks.json'])
})

test('rejects an identity whose keys could be changed on their way, or that tokens name otherwise', () => {
  for (const identity of [
    'http://identity.example',
    'http://127.0.0.1.evil.example',
    'https://identity.example/',
    'https://identity.example/x',
    'https://me@identity.example',
    'identity.example',
    '',
  ])
    assert.throws(
      () => createReceiver({ server: 'files', identity }),
      { code: 'IDENTITY_URL_INVALID' },
      identity,
    )
  for (const identity of ['https://identity.example', 'http://localhost:7401', 'http://[::1]:7401'])
    createReceiver({ server: 'files', identity })
})
