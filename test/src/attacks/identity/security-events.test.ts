import assert from 'node:assert/strict'
import { test } from 'node:test'

import { provider } from '@cordon/identity/fixtures/front'

import { stranger } from './crafted.ts'
import { openOutside, opens, refuses, type Outside } from './outside.ts'
import { eventOf, push, sessionRevoked } from './security-event.ts'

// The attacker wants to end somebody's sessions, or to keep their end from being heard.

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
    events: { [sessionRevoked]: { event_timestamp: now - 1.2345679 } },
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
    eventOf(outside, { jti: 'event-2', events: { [sessionRevoked]: { event_timestamp: 1 } } }),
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
  const event = eventOf(outside, { sub_id, events: { [sessionRevoked]: { event_timestamp: 1 } } })
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
