import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { base64url, makeEd25519Key, makeJwt, mutate } from './attestation-fixture.ts'
import { type SessionRevokedFault, verifySetSessionRevoked } from './session-revoked-event.ts'

const provider = 'https://idp.example.com/123456789/'
const audience = 'https://sp.example.com/caep'
const sessionRevoked = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked'
const iat = 1_615_305_159
const revoked = 1_615_304_991
const now = iat * 1000 + 1000

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = makeEd25519Key()
const edKey = makeEd25519Key()
const keys = new Map([
  ['idp-1', rsa.publicKey],
  ['idp-2', createPublicKey(edKey.privateKey)],
])

// The examples of OpenID CAEP 1.0 §3.1.2.
const base = {
  iss: provider,
  jti: '24c63fb56e5a2d77a6b512616ca9fa24',
  iat,
  aud: audience,
  txn: '8675309',
}
const event = {
  initiating_entity: 'policy',
  reason_admin: { en: 'Landspeed Policy Violation: C076E82F' },
  event_timestamp: revoked,
}
const user = { format: 'iss_sub', iss: provider, sub: 'jane.smith@example.com' }
const session = { format: 'opaque', id: 'dMTlD|1600802906337.16|16008.16' }
const tenant = { format: 'opaque', id: '123456789' }
const device = { format: 'iss_sub', iss: provider, sub: 'e9297990-14d2-42ec-a4a9-4036db86509a' }

const claims = { ...base, sub_id: user, events: { [sessionRevoked]: event } }
const header = { typ: 'secevent+jwt', alg: 'EdDSA', kid: 'idp-2' }

const verify = (text: string, at: number = now) =>
  verifySetSessionRevoked(text, {
    provider,
    keys,
    algorithms: ['RS256', 'EdDSA'],
    audiences: [audience],
    now: at,
  })
const verdict = (text: string, at: number = now): SessionRevokedFault | 'accepted' => {
  const result = verify(text, at)
  return result.ok ? 'accepted' : result.reason
}
const verdictOf = (changed: object): SessionRevokedFault | 'accepted' =>
  verdict(makeJwt(header, { ...claims, ...changed }, edKey.privateKey))

test('reads the subjects of the published examples', () => {
  const common = { provider, eventId: base.jti, revokedAt: revoked * 1000 }
  const human = user.sub
  const providerSession = session.id
  for (const [sub_id, expected] of [
    [session, { providerSession }],
    [user, { human }],
    [
      { format: 'complex', session, user, tenant },
      { human, providerSession },
    ],
    [{ format: 'complex', user, device, tenant }, { human }],
  ] as const)
    assert.deepEqual(verify(makeJwt(header, { ...claims, sub_id }, edKey.privateKey)), {
      ok: true,
      event: { ...common, ...expected },
    })
})

test('reads RS256, the algorithm of the interoperability profile', () => {
  const signed = `${base64url({ ...header, alg: 'RS256', kid: 'idp-1' })}.${base64url(claims)}`
  const signature = sign('sha256', Buffer.from(signed), rsa.privateKey).toString('base64url')
  assert.equal(verdict(`${signed}.${signature}`), 'accepted')
})

test('an event that says no time was true when it was told; one of the future is true now', () => {
  const revokedAt = (timestamp: number | undefined): number | undefined => {
    const events = { [sessionRevoked]: { event_timestamp: timestamp } }
    const result = verify(makeJwt(header, { ...claims, events }, edKey.privateKey))
    return result.ok ? result.event.revokedAt : undefined
  }
  assert.equal(revokedAt(undefined), iat * 1000)
  assert.equal(revokedAt(iat + 86_400), now)
})

test("rejects a stranger's event, and an algorithm that the provider may not use", () => {
  assert.equal(verdict(makeJwt(header, claims, stranger.privateKey)), 'SIGNATURE_WRONG')
  assert.equal(
    verdict(makeJwt({ ...header, kid: stranger.keyId }, claims, stranger.privateKey)),
    'KEY_UNKNOWN',
  )
  const text = makeJwt({ ...header, alg: 'PS256', kid: 'idp-1' }, claims, edKey.privateKey)
  assert.equal(verdict(text), 'ALGORITHM_REFUSED')
})

test('rejects an ID token, a logout token and any other kind shown as an event', () => {
  for (const typ of ['JWT', 'logout+jwt', 'at+jwt', undefined])
    assert.equal(verdict(makeJwt({ ...header, typ }, claims, edKey.privateKey)), 'TYPE_REFUSED')
  assert.equal(verdictOf({ exp: iat + 300 }), 'CLAIMS_MALFORMED')
  assert.equal(verdictOf({ sub: 'jane.smith@example.com' }), 'CLAIMS_MALFORMED')
})

test('rejects another event, several events and none', () => {
  const changed = 'https://schemas.openid.net/secevent/caep/event-type/token-claims-change'
  for (const events of [{ [changed]: event }, { [sessionRevoked]: event, [changed]: event }, {}, []])
    assert.equal(verdictOf({ events }), 'CLAIMS_MALFORMED')
})

test('rejects an event of another provider, for another receiver, or about humans of another provider', () => {
  assert.equal(verdictOf({ iss: 'https://idp.example.com/' }), 'ISSUER_REFUSED')
  assert.equal(verdictOf({ aud: 'https://other.example' }), 'AUDIENCE_REFUSED')
  assert.equal(verdictOf({ aud: ['https://other.example', audience] }), 'accepted')
  const foreign = { ...user, iss: 'https://other.example' }
  assert.equal(verdictOf({ sub_id: foreign }), 'SUBJECT_REFUSED')
  assert.equal(verdictOf({ sub_id: { format: 'complex', user: foreign, session } }), 'SUBJECT_REFUSED')
})

test('rejects a subject that names neither human nor session: as a wildcard it would end everything', () => {
  for (const sub_id of [
    { format: 'complex' },
    { format: 'complex', tenant },
    { format: 'email', email: 'jane.smith@example.com' },
    { format: 'opaque', id: '' },
    undefined,
  ])
    assert.equal(verdictOf({ sub_id }), 'CLAIMS_MALFORMED', JSON.stringify(sub_id))
})

test('rejects an old event shown again, and one of the future', () => {
  const text = makeJwt(header, claims, edKey.privateKey)
  const week = 7 * 86_400_000
  assert.equal(verdict(text, iat * 1000 + week), 'accepted')
  assert.equal(verdict(text, iat * 1000 + week + 1), 'TOO_OLD')
  assert.equal(verdict(text, iat * 1000 - 5001), 'ISSUED_IN_FUTURE')
})

test('no event that was changed in any character is accepted', () => {
  const text = makeJwt(header, claims, edKey.privateKey)
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (at, how) => {
      const mutated = mutate(text, at, how)
      return mutated === text || verdict(mutated) !== 'accepted'
    }),
    { numRuns: 2000 },
  )
})
