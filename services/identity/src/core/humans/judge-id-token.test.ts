import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { IdentityProvider } from '@cordon/policy'
import fc from 'fast-check'

import { type IdTokenFault, judgeIdToken } from './judge-id-token.ts'

// The example of OpenID Connect Core §2.
const issuer = 'https://server.example.com'
const claims = {
  iss: issuer,
  sub: '24400320',
  aud: 's6BhdRkqt3',
  nonce: 'n-0S6_WzA2Mj',
  exp: 1_311_281_970,
  iat: 1_311_280_970,
  auth_time: 1_311_280_969,
  acr: 'urn:mace:incommon:iap:silver',
}
const now = 1_311_281_000_000

const provider: IdentityProvider = {
  audiences: ['s6BhdRkqt3', 'second-client'],
  jwksUri: 'https://server.example.com/jwks',
  algorithms: ['RS256'],
  roles: [],
  entitlements: [],
  clearances: [],
}

const judge = (over: object = {}, header: object = {}, at = now): IdTokenFault | 'accepted' => {
  const judged = judgeIdToken(
    { header: { alg: 'RS256', kid: 'k', ...header }, claims: { ...claims, ...over } },
    issuer,
    provider,
    at,
  )
  return judged.ok ? 'accepted' : judged.fault
}

test('accepts what OpenID Connect Core shows', () => {
  assert.equal(judge(), 'accepted')
  for (const typ of ['JWT', 'jwt', 'application/jwt']) assert.equal(judge({}, { typ }), 'accepted')
})

test('rejects other kinds of tokens of the same issuer', () => {
  for (const typ of [
    'at+jwt',
    'application/at+jwt',
    'dpop+jwt',
    'secevent+jwt',
    'logout+jwt',
    'statuslist+jwt',
    '',
    7,
  ])
    assert.equal(judge({}, { typ }), 'ID_TOKEN_TYPE_WRONG')
  assert.equal(
    judge({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
    'ID_TOKEN_TYPE_WRONG',
  )
})

test('rejects another issuer than the one whose keys were asked', () => {
  for (const iss of ['https://server.example.com/', 'https://other.example', undefined, [issuer]])
    assert.equal(judge({ iss }), 'ID_TOKEN_ISSUER_UNKNOWN')
})

test('rejects a token for another client, or for another client as well', () => {
  for (const aud of ['other', '', undefined, [], ['other'], ['s6BhdRkqt3', 'other'], [['s6BhdRkqt3']], 7])
    assert.equal(judge({ aud, azp: 's6BhdRkqt3' }), 'ID_TOKEN_AUDIENCE_WRONG')
  assert.equal(judge({ aud: ['s6BhdRkqt3'] }), 'accepted')
})

test('rejects a token that was issued to another party (azp)', () => {
  for (const azp of ['other', '', null, ['s6BhdRkqt3']])
    assert.equal(judge({ azp }), 'ID_TOKEN_AUDIENCE_WRONG')
  const both = ['s6BhdRkqt3', 'second-client']
  assert.equal(judge({ aud: both }), 'ID_TOKEN_AUDIENCE_WRONG')
  assert.equal(judge({ aud: both, azp: 'second-client' }), 'accepted')
})

test('rejects expired, old and future tokens, at the second', () => {
  assert.equal(judge({}, {}, claims.exp * 1000 - 1), 'accepted')
  assert.equal(judge({}, {}, claims.exp * 1000), 'ID_TOKEN_EXPIRED')
  assert.equal(judge({}, {}, (claims.iat - 60) * 1000), 'accepted')
  assert.equal(judge({}, {}, (claims.iat - 61) * 1000), 'ID_TOKEN_EXPIRED')
  const far = { exp: claims.iat + 1e9 }
  assert.equal(judge(far, {}, (claims.iat + 3600) * 1000), 'accepted')
  assert.equal(judge(far, {}, (claims.iat + 3601) * 1000), 'ID_TOKEN_EXPIRED')
  assert.equal(judge({ nbf: now / 1000 + 61 }), 'ID_TOKEN_EXPIRED')
})

test('rejects a token without the claims that bound it, and claims of another form', () => {
  for (const name of ['iat', 'exp']) {
    assert.equal(judge({ [name]: undefined }), 'ID_TOKEN_MALFORMED')
    for (const value of ['1311281970', null, Infinity, NaN, -1, 1e300])
      assert.equal(judge({ [name]: value }), 'ID_TOKEN_MALFORMED')
  }
  for (const sub of [undefined, '', ' x', 'x ', ' ', 'ä', 'x\n', 'x'.repeat(256), 7])
    assert.equal(judge({ sub }), 'ID_TOKEN_MALFORMED')
  assert.equal(judge({ sub: 'x'.repeat(255) }), 'accepted')
  for (const auth_time of ['yesterday', 0, 0.5, 1e11])
    assert.equal(judge({ auth_time }), 'ID_TOKEN_MALFORMED')
  assert.equal(judge({ cordon_agent: 7 }), 'ID_TOKEN_MALFORMED')
  assert.equal(judge({ cordon_tools: 'files/*' }), 'ID_TOKEN_MALFORMED')
})

test('takes times with fractions (RFC 7519 §2)', () => {
  assert.equal(judge({ iat: claims.iat + 0.1234567, auth_time: claims.iat - 0.7654321, nbf: 0 }), 'accepted')
})

test('rejects claims that nobody could keep, or say again in a session token', () => {
  const mapped = { ...provider, roles: [{ claim: 'groups', value: 'analysts', role: 'analyst' }] }
  const judgeWith = (over: object): IdTokenFault | 'accepted' => {
    const judged = judgeIdToken({ header: {}, claims: { ...claims, ...over } }, issuer, mapped, now)
    return judged.ok ? 'accepted' : judged.fault
  }
  for (const over of [
    { sid: 's\u0000' },
    { sid: 's\uD800' },
    { sid: 'x'.repeat(513) },
    { acr: 'x'.repeat(513) },
    { acr: 'a\nb' },
    { nonce: 'n\u0000' },
    { cordon_agent: 'a\u0000' },
    { cordon_tools: ['files/\u0000'] },
    { groups: ['analysts', 'x\u0000'] },
    { groups: { analysts: '\uDC00' } },
  ])
    assert.equal(judgeWith(over), 'ID_TOKEN_MALFORMED', JSON.stringify(over))
  // Kept is what means something here, and nothing else of a token.
  for (const over of [{ address: 'one\ntwo' }, { sid: '' }, { groups: ['analysts', 'größer'] }])
    assert.equal(judgeWith(over), 'accepted', JSON.stringify(over))
})

test('no value of any single claim makes a token count that is not for us', () => {
  fc.assert(
    fc.property(fc.jsonValue(), aud => {
      const isOurs = (value: unknown): boolean => value === 's6BhdRkqt3' || value === 'second-client'
      const expected = isOurs(aud) || (Array.isArray(aud) && aud.length === 1 && isOurs(aud[0]))
      assert.equal(judge({ aud }) === 'accepted', expected)
    }),
  )
})
