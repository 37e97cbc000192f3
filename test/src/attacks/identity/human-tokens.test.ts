import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto'
import { test } from 'node:test'

import { makeSessionId, uuidV7 } from '@cordon/foundation'
import { provider } from '@cordon/identity/fixtures/front'

import { type Claims, craft, es256, repeating, type Signer } from './crafted.ts'
import { issuer } from './gateway.ts'
import { openOutside, opens, type Outside, refuses, type Told } from './outside.ts'

// The attacker poses as a human, or as the provider that vouches for humans.

const stranger = (): Signer => es256(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)

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

// Security events: the attacker wants to end somebody's sessions, or to keep their end from being heard.

const type = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked'

const eventOf = (
  { signer, identity }: Outside,
  change: Claims = {},
  header: Claims = {},
  by: Signer = signer,
): string =>
  craft(
    { typ: 'secevent+jwt', alg: 'ES256', kid: 'provider', ...header },
    {
      iss: provider,
      aud: issuer,
      jti: 'event-1',
      iat: Math.floor(identity.clock.now() / 1000),
      sub_id: { format: 'iss_sub', iss: provider, sub: 'alice' },
      events: { [type]: {} },
      ...change,
    },
    by,
  )

const push = async ({ post }: Outside, event: string): Promise<Told> =>
  post('/caep', event, { 'content-type': 'application/secevent+jwt' })

/** Alice's session goes on. */
const changesNothing = async (outside: Outside, event: string, error: string): Promise<void> => {
  const { refreshToken } = opens(await outside.exchange())
  const told = await push(outside, event)
  assert.deepEqual([told.status, told.body['err']], [400, error], JSON.stringify(told.body))
  opens(await outside.renew(refreshToken))
}

test('a session that its provider ended stops: no renewal, whatever its tokens say', async context => {
  const outside = await openOutside(context)
  const { refreshToken } = opens(await outside.exchange())
  assert.equal((await push(outside, eventOf(outside))).status, 202)
  refuses(await outside.renew(refreshToken), 'SESSION_ENDED')
})

test('a session that its provider ended stops, whatever fractions the times of the event have', async context => {
  const outside = await openOutside(context)
  const { refreshToken } = opens(await outside.exchange())
  const now = outside.identity.clock.now() / 1000
  const event = eventOf(outside, {
    iat: now - 0.8765433,
    events: { [type]: { event_timestamp: now - 1.2345679 } },
  })
  assert.equal((await push(outside, event)).status, 202)
  refuses(await outside.renew(refreshToken), 'SESSION_ENDED')
})

test('a session that its provider ended by user and session stops, though its ID token names no session', async context => {
  const outside = await openOutside(context)
  const { clock } = outside.identity
  const unnamed = { form: { subject_token: outside.idToken({ sid: undefined }) } }
  const before = opens(await outside.exchange(unnamed))
  const other = opens(await outside.exchange({ form: { subject_token: outside.idToken({ sid: 's-2' }) } }))
  const user = { format: 'iss_sub', iss: provider, sub: 'alice' }
  const sub_id = { format: 'complex', user, session: { format: 'opaque', id: 's-1' } }
  const event = eventOf(outside, { sub_id })
  clock.advance(60_000)
  const form = { subject_token: outside.idToken({ sid: undefined }) }
  const after = opens(await outside.exchange({ form }))
  assert.equal((await push(outside, event)).status, 202)
  refuses(await outside.renew(before.refreshToken), 'SESSION_ENDED')
  // Not those that are another session's, nor of who signed in again while the event was under way.
  opens(await outside.renew(other.refreshToken))
  opens(await outside.renew(after.refreshToken))
})

/**
 * @fault a provider's event that a human's sessions are over was under way while the human signed in again
 * @behaviour sessions from before the event end; those of the later log-in go on
 * @counter none: that it ended something is counted either way, as `cordon_identity_security_events_total`
 */
test('a late security event ends what was before it, and nothing of who signed in again', async context => {
  const outside = await openOutside(context)
  const { clock } = outside.identity
  const before = opens(await outside.exchange())
  for (const event of [
    eventOf(outside),
    eventOf(outside, { jti: 'event-2', events: { [type]: { event_timestamp: 1 } } }),
  ]) {
    clock.advance(60_000)
    const after = opens(await outside.exchange())
    assert.equal((await push(outside, event)).status, 202)
    refuses(await outside.renew(before.refreshToken), 'SESSION_ENDED')
    opens(await outside.renew(after.refreshToken))
  }
})

test('an event that names the session ends it, whatever its time', async context => {
  const outside = await openOutside(context)
  const { refreshToken } = opens(await outside.exchange())
  const sub_id = { format: 'complex', session: { format: 'opaque', id: 's-1' } }
  const event = eventOf(outside, { sub_id, events: { [type]: { event_timestamp: 1 } } })
  assert.equal((await push(outside, event)).status, 202)
  refuses(await outside.renew(refreshToken), 'SESSION_ENDED')
})

test('rejects a forged security event', async context => {
  const outside = await openOutside(context)
  await changesNothing(outside, eventOf(outside, {}, {}, stranger()), 'invalid_key')
})

test('rejects a security event for another audience', async context => {
  const outside = await openOutside(context)
  await changesNothing(outside, eventOf(outside, { aud: 'https://other.example' }), 'invalid_audience')
})

test('rejects a security event about humans of another provider', async context => {
  const outside = await openOutside(context)
  const sub_id = { format: 'iss_sub', iss: 'https://other.example', sub: 'alice' }
  await changesNothing(outside, eventOf(outside, { sub_id }), 'access_denied')
})

test('rejects a security event that names nobody, and would mean everybody', async context => {
  const outside = await openOutside(context)
  const sub_id = { format: 'complex', tenant: { format: 'opaque', id: 't' } }
  await changesNothing(outside, eventOf(outside, { sub_id }), 'invalid_request')
})

test('rejects an ID token as a security event', async context => {
  const outside = await openOutside(context)
  await changesNothing(outside, eventOf(outside, {}, { typ: 'JWT' }), 'invalid_request')
})

test('rejects a security event that could be taken for another kind of token', async context => {
  const outside = await openOutside(context)
  for (const change of [{ exp: outside.identity.clock.now() / 1000 + 60 }, { sub: 'alice' }])
    await changesNothing(outside, eventOf(outside, change), 'invalid_request')
})

test('rejects an old security event', async context => {
  const outside = await openOutside(context)
  const iat = outside.identity.clock.now() / 1000 - 86_401
  await changesNothing(outside, eventOf(outside, { iat }), 'invalid_request')
})

test('rejects a replayed security event: the session of a human who logged in again goes on', async context => {
  const outside = await openOutside(context)
  // Of a provider that keeps a session's name: only that this event was heard before tells the two apart.
  const sub_id = { format: 'complex', session: { format: 'opaque', id: 's-1' } }
  const event = eventOf(outside, { sub_id })
  assert.equal((await push(outside, event)).status, 202)
  outside.identity.clock.advance(60_000)
  const { refreshToken } = opens(await outside.exchange())
  assert.equal((await push(outside, event)).status, 202)
  opens(await outside.renew(refreshToken))
})
