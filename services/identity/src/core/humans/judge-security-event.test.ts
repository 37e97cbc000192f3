import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import type { HumanSessionEnded } from '../../ports/humans.ts'
import { judgeSecurityEvent, type PushError, sessionRevoked } from './judge-security-event.ts'

// The examples of CAEP 1.0 §3.1.3.
const issuer = 'https://idp.example.com/123456789/'
const session = { format: 'opaque', id: 'dMTlD|1600802906337.16|16008.16' }
const user = { format: 'iss_sub', iss: issuer, sub: 'jane.smith@example.com' }
const claims = {
  iss: issuer,
  jti: '24c63fb56e5a2d77a6b512616ca9fa24',
  iat: 1_615_305_159,
  aud: 'https://sp.example.com/caep',
  txn: 8_675_309,
  sub_id: { format: 'complex', session, user, tenant: { format: 'opaque', id: '123456789' } },
  events: { [sessionRevoked]: { initiating_entity: 'policy', event_timestamp: 1_615_304_991 } },
}
const receivers = ['client-7', 'https://sp.example.com/caep']
const now = 1_615_305_160_000

const judge = (
  over: object = {},
  header: object = {},
  at = now,
): HumanSessionEnded | 'nothing' | PushError => {
  const judged = judgeSecurityEvent(
    { header: { typ: 'secevent+jwt', alg: 'RS256', ...header }, claims: { ...claims, ...over } },
    issuer,
    receivers,
    at,
  )
  return judged.ok ? (judged.event.ended ?? 'nothing') : judged.error
}

test('a session of a user, a session alone, a user with all sessions', () => {
  const [subject, at] = ['jane.smith@example.com', 1_615_304_991_000]
  assert.deepEqual(judge(), { issuer, subject, session: session.id, at })
  assert.deepEqual(judge({ sub_id: session }), { issuer, session: session.id, at })
  assert.deepEqual(judge({ sub_id: user }), { issuer, subject, at })
  assert.deepEqual(judge({ sub_id: { format: 'complex', user } }), { issuer, subject, at })
  assert.deepEqual(judge({ sub_id: { format: 'complex', session } }), { issuer, session: session.id, at })
})

test('is over since the event says, else since it was issued, and never since later', () => {
  const since = (event: object, over: object = {}): number | undefined => {
    const judged = judge({ events: { [sessionRevoked]: event }, ...over })
    return typeof judged === 'object' ? judged.at : undefined
  }
  const issued = claims.iat * 1000
  assert.equal(since({}), issued)
  assert.equal(since({ event_timestamp: claims.iat - 7 }), issued - 7000)
  assert.equal(since({}, { toe: claims.iat - 9 }), issued - 9000)
  assert.equal(since({ event_timestamp: claims.iat - 7 }, { toe: claims.iat - 9 }), issued - 7000)
  // Drafts of CAEP counted milliseconds.
  for (const time of [claims.iat + 1, issued - 1, 0, -1, NaN, '1615304991', null])
    assert.equal(since({ event_timestamp: time }), issued)
})

test('is over at a whole millisecond, whatever fractions its times have (RFC 7519 §2)', () => {
  const iat = claims.iat - 1 + 0.1234567
  const judged = judgeSecurityEvent(
    {
      header: { typ: 'secevent+jwt' },
      claims: { ...claims, iat, events: { [sessionRevoked]: { event_timestamp: iat - 1 } } },
    },
    issuer,
    receivers,
    now,
  )
  assert.ok(judged.ok)
  assert.equal(judged.event.ended?.at, (claims.iat - 2) * 1000 + 123)
  assert.equal(judged.event.repeatableUntil, (claims.iat - 1 + 86_460) * 1000 + 123)
})

test('is remembered for as long as it could come again', () => {
  const judged = judgeSecurityEvent({ header: { typ: 'secevent+jwt' }, claims }, issuer, receivers, now)
  assert.ok(judged.ok)
  assert.equal(judged.event.id, '24c63fb56e5a2d77a6b512616ca9fa24')
  // A day after it was issued it does not count any more; a minute is what clocks may differ.
  assert.equal(judged.event.repeatableUntil, (1_615_305_159 + 86_400 + 60) * 1000)
  assert.equal(judge({}, {}, judged.event.repeatableUntil), 'invalid_request')
})

test('rejects an ID token or an access token shown as a security event', () => {
  for (const typ of [undefined, 'JWT', 'at+jwt', 'logout+jwt', 'secevent', 'dpop+jwt', 7])
    assert.equal(judge({}, { typ }), 'invalid_request')
  assert.equal(judge({ exp: 1_615_309_159 }), 'invalid_request')
  assert.equal(judge({ sub: 'jane.smith@example.com' }), 'invalid_request')
})

test('rejects an event for another receiver', () => {
  for (const aud of [
    undefined,
    '',
    'https://sp.example.com/',
    ['https://other.example'],
    [],
    { 0: 'client-7' },
  ])
    assert.equal(judge({ aud }), 'invalid_audience')
  // RFC 8417 §2.2: one event may be for several.
  assert.notEqual(judge({ aud: ['https://other.example', 'client-7'] }), 'invalid_audience')
})

test('rejects a provider that ends sessions of another provider’s humans', () => {
  const foreign = { ...user, iss: 'https://other.example' }
  assert.equal(judge({ sub_id: foreign }), 'access_denied')
  assert.equal(judge({ sub_id: { format: 'complex', session, user: foreign } }), 'access_denied')
  assert.equal(judge({ iss: 'https://other.example' }), 'invalid_issuer')
})

test('rejects a wildcard for everybody', () => {
  for (const sub_id of [
    { format: 'complex' },
    { format: 'complex', tenant: { format: 'opaque', id: 'all' } },
    { format: 'complex', device: { format: 'opaque', id: 'laptop' } },
    undefined,
    'jane',
    { format: 'email', email: 'jane.smith@example.com' },
    { format: 'iss_sub', iss: issuer },
    { format: 'iss_sub', iss: issuer, sub: '' },
    { format: 'opaque', id: 7 },
    { format: 'opaque', id: 's\u0000' },
    { format: 'iss_sub', iss: issuer, sub: 'jane\uD800' },
    { format: 'complex', user, session: 'x' },
    { format: 'complex', user: 'jane', session },
  ])
    assert.equal(judge({ sub_id }), 'invalid_request', JSON.stringify(sub_id))
})

test('rejects old and future events, and those that cannot be told apart', () => {
  assert.equal(judge({}, {}, (claims.iat - 61) * 1000), 'invalid_request')
  assert.equal(judge({}, {}, (claims.iat + 86_401) * 1000), 'invalid_request')
  for (const iat of [undefined, '1615305159', NaN]) assert.equal(judge({ iat }), 'invalid_request')
  for (const jti of [undefined, '', 7, 'x'.repeat(513), 'e\u0000', '\uD800'])
    assert.equal(judge({ jti }), 'invalid_request')
})

test('rejects no event and several at once; receives those it has no use for', () => {
  const verification = 'https://schemas.openid.net/secevent/ssf/event-type/verification'
  for (const events of [undefined, {}, [], 'x', { ...claims.events, [verification]: {} }])
    assert.equal(judge({ events }), 'invalid_request')
  assert.equal(
    judge({ events: { [verification]: { state: 'x' } }, sub_id: { format: 'opaque', id: 's' } }),
    'nothing',
  )
})

test('whatever stands as subject, nobody is ended whom it does not name', () => {
  fc.assert(
    fc.property(fc.jsonValue(), sub_id => {
      const judged = judge({ sub_id })
      if (typeof judged === 'object') assert.ok(judged.subject !== undefined || judged.session !== undefined)
    }),
  )
})
