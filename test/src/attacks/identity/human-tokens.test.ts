import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { test } from 'node:test'

import { makeSessionId, uuidV7 } from '@cordon/foundation'
import { provider } from '@cordon/identity/fixtures/front'

import { type Claims, craft, repeating, stranger } from './crafted.ts'
import { openOutside, opens, type Outside, refuses, type Told } from './outside.ts'
import { eventOf, push } from './security-event.ts'

// The attacker poses as a human, or as the provider that vouches for humans.

const shows = async ({ exchange }: Outside, subject_token: string): Promise<Told> =>
  exchange({ form: { subject_token } })

test('rejects an ID token that another key signed, under the provider’s kid', async context => {
  const outside = await openOutside(context)
  opens(await outside.exchange())
  refuses(await shows(outside, outside.idToken({}, {}, stranger())), 'SUBJECT_REFUSED')
})

test('rejects algorithm confusion in an ID token: none, and HS256 with the public key', async context => {
  const outside = await openOutside(context)
  const [header, payload] = outside.idToken({}, { alg: 'none' }).split('.')
  refuses(await shows(outside, `${header}.${payload}.`), 'SUBJECT_REFUSED')
  const jwks = JSON.stringify(outside.identity.bundle?.identity.providers[provider]?.jwks)
  const hmac = { sign: (bytes: Buffer) => createHmac('sha256', jwks).update(bytes).digest() }
  refuses(await shows(outside, outside.idToken({}, { alg: 'HS256' }, hmac)), 'SUBJECT_REFUSED')
})

test('rejects an ID token of a provider that nobody named', async context => {
  const outside = await openOutside(context)
  for (const iss of ['https://attacker.example', 'constructor', `${provider}/`])
    refuses(await shows(outside, outside.idToken({ iss })), 'SUBJECT_REFUSED')
})

test('rejects an ID token for another client, or for another one as well', async context => {
  const outside = await openOutside(context)
  for (const aud of ['other-client', ['cordon-connect', 'other-client'], []])
    refuses(await shows(outside, outside.idToken({ aud, azp: 'cordon-connect' })), 'SUBJECT_REFUSED')
})

test('rejects an ID token that was issued to another party', async context => {
  const outside = await openOutside(context)
  refuses(await shows(outside, outside.idToken({ azp: 'other-client' })), 'SUBJECT_REFUSED')
})

test('rejects an expired ID token', async context => {
  const outside = await openOutside(context)
  const iat = outside.identity.clock.now() / 1000 - 600
  refuses(await shows(outside, outside.idToken({ iat, exp: iat + 600 })), 'SUBJECT_REFUSED')
})

test('rejects an unexpired ID token of a human who is gone at the provider', async context => {
  const outside = await openOutside(context)
  outside.identity.signedOut.add('alice')
  refuses(await outside.exchange(), 'HUMAN_LOGGED_OUT')
  outside.identity.signedOut.clear()
  opens(await outside.exchange())
})

test('rejects a flood of sessions with one ID token', async context => {
  const outside = await openOutside(context)
  outside.identity.limits.sessionsPerHuman = 3
  for (let opened = 0; opened < 3; opened += 1) opens(await outside.exchange())
  const told = await outside.exchange()
  refuses(told, 'LIMIT_REACHED')
  assert.equal(told.status, 429)
})

test('rejects a flood of exchanges for one human, and goes on for others', async context => {
  const outside = await openOutside(context)
  outside.identity.limits.exchangesPerHuman = 3
  for (let opened = 0; opened < 3; opened += 1) opens(await outside.exchange())
  refuses(await outside.exchange(), 'LIMIT_REACHED')
  opens(await shows(outside, outside.idToken({ sub: 'bob' })))
  outside.identity.clock.advance(60_000)
  opens(await outside.exchange())
})

test('rejects an ID token that is older than an hour, however long it lives', async context => {
  const outside = await openOutside(context)
  const iat = outside.identity.clock.now() / 1000 - 3_601
  refuses(await shows(outside, outside.idToken({ iat, exp: iat + 86_400 })), 'SUBJECT_REFUSED')
})

test('rejects an ID token of the future', async context => {
  const outside = await openOutside(context)
  const iat = outside.identity.clock.now() / 1000 + 61
  refuses(await shows(outside, outside.idToken({ iat, exp: iat + 600 })), 'SUBJECT_REFUSED')
})

test('rejects typ values swapped: every other kind of token of the provider as an ID token', async context => {
  const outside = await openOutside(context)
  for (const typ of ['at+jwt', 'secevent+jwt', 'logout+jwt', 'dpop+jwt'])
    refuses(await shows(outside, outside.idToken({}, { typ })), 'SUBJECT_REFUSED')
})

test('rejects a security event as an ID token', async context => {
  const outside = await openOutside(context)
  refuses(await shows(outside, outside.idToken({ events: {} })), 'SUBJECT_REFUSED')
})

test('rejects our own tokens as an ID token', async context => {
  const outside = await openOutside(context)
  const { token } = opens(await outside.exchange())
  for (const text of [token, outside.attestation(outside.key), outside.grant()])
    refuses(await shows(outside, text), 'SUBJECT_REFUSED')
})

test('rejects an ID token that says a name twice', async context => {
  const outside = await openOutside(context)
  const claims = JSON.parse(
    Buffer.from(outside.idToken().split('.')[1] ?? '', 'base64url').toString(),
  ) as Claims
  const twice = craft({ alg: 'ES256', kid: 'provider' }, repeating(claims, 'sub', 'alice'), outside.signer)
  refuses(await shows(outside, twice), 'SUBJECT_REFUSED')
})

test('rejects the ID token of a human who logged out after it was issued', async context => {
  const outside = await openOutside(context)
  const subject_token = outside.idToken()
  assert.equal((await push(outside, eventOf(outside))).status, 202)
  refuses(await outside.exchange({ form: { subject_token } }), 'HUMAN_LOGGED_OUT')
})

test('rejects an ID token that could not be kept, and opens the sessions of others who ask beside it', async context => {
  const outside = await openOutside(context)
  for (const change of [{ sid: 's\u0000' }, { sid: 's\uD800' }, { groups: ['analysts', '\u0000'] }]) {
    const subject_token = outside.idToken({ sub: 'bob', ...change })
    const [before, bad, after] = await Promise.all([
      outside.exchange(),
      outside.exchange({ form: { subject_token } }),
      outside.exchange(),
    ])
    refuses(bad, 'SUBJECT_REFUSED')
    opens(before)
    opens(after)
  }
})

test('a poisoned exchange takes down none of those that are kept together with it', async context => {
  const { identity, exchange } = await openOutside(context)
  opens(await exchange())
  const [kept] = await identity.store.openAfter(-1, 1)
  assert.ok(kept)
  // Past every judge, as one that was forgotten would let it: the database itself refuses it.
  const add = async (humanSession: string): Promise<unknown> => {
    const sessionId = makeSessionId(3, uuidV7(identity.clock.now()))
    return identity.store.add({
      session: { ...kept.session, sessionId, humanSession },
      refreshDigest: randomBytes(32),
      tokensUntil: kept.session.endsAt,
      proofs: [{ digest: randomBytes(32), expiresAt: kept.session.endsAt }],
      limits: identity.limits,
    })
  }
  const results = await Promise.allSettled(['s-1', 's\u0000', 's-1', 's-1'].map(add))
  assert.deepEqual(
    results.map(result => (result.status === 'fulfilled' ? typeof result.value : 'refused')),
    ['number', 'refused', 'number', 'number'],
  )
})
