import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseAgentId } from '@cordon/foundation'
import type { Sponsor } from '@cordon/policy'
import * as fc from 'fast-check'

import { makeEd25519Key, makeJwt, mutate } from './attestation-fixture.ts'
import { type GrantFault, issueAutomationGrant, verifyAutomationGrant } from './automation-grant.ts'

const audience = 'https://identity.example'
const iat = 1_800_000_000
const now = iat * 1000 + 1000
const ninetyDays = 90 * 86_400

const key = makeEd25519Key()
const bobsKey = makeEd25519Key()
const sponsors: Readonly<Record<string, Sponsor>> = {
  alice: { key: key.publicJwk, human: 'alice@example', role: 'analyst', tools: ['files/*'], clearance: 1 },
  bob: { key: bobsKey.publicJwk, human: 'bob@example', role: 'clerk', tools: ['mail/*'], clearance: 0 },
}

const header = { typ: 'cordon-grant+jwt', alg: 'EdDSA', kid: key.keyId }
const claims = {
  iss: 'alice',
  aud: audience,
  agent: 'agent-7',
  tools: ['files/read_file', 'mail/*'],
  iat,
  exp: iat + ninetyDays,
  jti: 'grant-1',
}
const grant = {
  sponsor: 'alice',
  agentId: parseAgentId('agent-7'),
  tools: ['files/read_file', 'mail/*'],
  grantId: 'grant-1',
  issuedAt: iat * 1000,
  expiresAt: (iat + ninetyDays) * 1000,
}

const verdict = (text: string, at: number = now): GrantFault | 'accepted' => {
  const result = verifyAutomationGrant(text, { sponsors, audience, now: at })
  return result.ok ? 'accepted' : result.reason
}
const verdictOf = (changed: object): GrantFault | 'accepted' =>
  verdict(makeJwt(header, { ...claims, ...changed }, key.privateKey))

test('accepts the well-formed grant that every attack below starts from', () => {
  const text = makeJwt(header, claims, key.privateKey)
  assert.deepEqual(verifyAutomationGrant(text, { sponsors, audience, now }), { ok: true, grant })
  assert.equal(issueAutomationGrant(grant, audience, key), text)
})

test('rejects a grant in the name of another sponsor', () => {
  assert.equal(verdictOf({ iss: 'bob' }), 'ISSUER_REFUSED')
  assert.equal(verdictOf({ iss: 'constructor' }), 'ISSUER_REFUSED')
  assert.equal(verdict(makeJwt(header, claims, bobsKey.privateKey)), 'SIGNATURE_WRONG')
  assert.equal(
    verdict(makeJwt({ ...header, kid: bobsKey.keyId }, claims, bobsKey.privateKey)),
    'ISSUER_REFUSED',
  )
})

test('rejects a client attestation shown as a grant, and every other typ', () => {
  for (const typ of ['oauth-client-attestation+jwt', 'at+jwt', 'JWT', 'CORDON-GRANT+JWT', undefined])
    assert.equal(verdict(makeJwt({ ...header, typ }, claims, key.privateKey)), 'TYPE_REFUSED')
})

test('rejects a grant for another identity service', () => {
  assert.equal(verdictOf({ aud: 'https://other.example' }), 'AUDIENCE_REFUSED')
  assert.equal(verdictOf({ aud: [audience] }), 'CLAIMS_MALFORMED')
})

test('rejects an expired grant, one of the future, and one for longer than 90 days', () => {
  const text = makeJwt(header, claims, key.privateKey)
  assert.equal(verdict(text, claims.exp * 1000 - 1), 'accepted')
  assert.equal(verdict(text, claims.exp * 1000), 'EXPIRED')
  assert.equal(verdict(text, iat * 1000 - 5001), 'ISSUED_IN_FUTURE')
  assert.equal(verdictOf({ exp: claims.exp + 1 }), 'LIFE_TOO_LONG')
})

test('rejects tools that are none, hide a second one, or cover every server', () => {
  for (const tools of [
    [],
    ['*'],
    ['*/*'],
    ['files'],
    ['files/a mail/b'],
    ['files/a\nmail/b'],
    'files/a',
    null,
  ])
    assert.equal(verdictOf({ tools }), 'CLAIMS_MALFORMED', JSON.stringify(tools))
})

test('rejects a missing claim and an unknown one', () => {
  for (const name of Object.keys(claims)) {
    const rest = Object.fromEntries(Object.entries(claims).filter(([other]) => other !== name))
    assert.equal(verdict(makeJwt(header, rest, key.privateKey)), 'CLAIMS_MALFORMED', name)
  }
  assert.equal(verdictOf({ only_on: 'weekdays' }), 'CLAIMS_MALFORMED')
})

test('no grant that was changed in any character is accepted', () => {
  const text = issueAutomationGrant(grant, audience, key)
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (at, how) => {
      const mutated = mutate(text, at, how)
      return mutated === text || verdict(mutated) !== 'accepted'
    }),
    { numRuns: 2000 },
  )
})

test('a sponsor that would write what nobody accepts is told so', () => {
  for (const changed of [{ expiresAt: (iat + ninetyDays + 1) * 1000 }, { tools: [] }, { tools: ['*'] }])
    assert.throws(() => issueAutomationGrant({ ...grant, ...changed }, audience, key), {
      code: 'GRANT_INVALID',
    })
})
