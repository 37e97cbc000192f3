import assert from 'node:assert/strict'
import { createHmac, createPublicKey } from 'node:crypto'
import { test } from 'node:test'

import { parseAgentId } from '@cordon/foundation'
import type { Attester } from '@cordon/policy'
import * as fc from 'fast-check'

import {
  base64url,
  holderJwk,
  holderThumbprint,
  makeEd25519Key,
  makeJwt,
  makeP256Key,
  mutate,
} from './attestation-fixture.ts'
import {
  type AttestationFault,
  issueClientAttestation,
  verifyClientAttestation,
} from './client-attestation.ts'

const audience = 'https://identity.example'
const iat = 1_800_000_000
const now = iat * 1000 + 1000
const codeDigest = 'ab'.repeat(32)

const key = makeP256Key()
const otherKey = makeEd25519Key()
const stranger = makeP256Key()
const attesters: Readonly<Record<string, Attester>> = {
  'desk-attester': { key: key.publicJwk, platforms: ['desk', 'desk-beta'] },
  'cloud-attester': { key: otherKey.publicJwk, platforms: ['cloud'] },
}

const claims = {
  iss: 'desk-attester',
  sub: 'desk',
  aud: audience,
  iat,
  exp: iat + 3600,
  jti: 'attestation-1',
  cnf: { jwk: holderJwk },
  agent: 'agent-7',
  code_digest: codeDigest,
}
const header = { typ: 'oauth-client-attestation+jwt', alg: 'ES256', kid: key.keyId }

const attestation = {
  attester: 'desk-attester',
  platform: 'desk',
  agentId: parseAgentId('agent-7'),
  codeDigest,
  holderJwk,
  attestationId: 'attestation-1',
  issuedAt: iat * 1000,
  expiresAt: (iat + 3600) * 1000,
}

const verdict = (text: string, at: number = now): AttestationFault | 'accepted' => {
  const result = verifyClientAttestation(text, { attesters, audience, now: at })
  return result.ok ? 'accepted' : result.reason
}
const verdictOf = (changed: object, signer = key.privateKey): AttestationFault | 'accepted' =>
  verdict(makeJwt(header, { ...claims, ...changed }, signer))

test('accepts the well-formed attestation that every attack below starts from', () => {
  assert.deepEqual(
    verifyClientAttestation(makeJwt(header, claims, key.privateKey), { attesters, audience, now }),
    {
      ok: true,
      attestation: { ...attestation, holder: holderThumbprint },
    },
  )
})

test('what an attester issues is accepted, with either kind of key', () => {
  assert.equal(verdict(issueClientAttestation(attestation, audience, key)), 'accepted')
  const cloud = { ...attestation, attester: 'cloud-attester', platform: 'cloud' }
  assert.equal(verdict(issueClientAttestation(cloud, audience, otherKey)), 'accepted')
})

test('rejects alg none, and HS256 with the public key as the secret', () => {
  const none = `${base64url({ ...header, alg: 'none' })}.${base64url(claims)}`
  assert.equal(verdict(`${none}.`), 'NOT_A_COMPACT_JWS')
  assert.equal(verdict(`${none}.AAAA`), 'ALGORITHM_REFUSED')
  const signed = `${base64url({ ...header, alg: 'HS256' })}.${base64url(claims)}`
  const pem = createPublicKey(key.privateKey).export({ type: 'spki', format: 'pem' })
  const mac = createHmac('sha256', pem).update(signed).digest('base64url')
  assert.equal(verdict(`${signed}.${mac}`), 'ALGORITHM_REFUSED')
})

test('rejects an algorithm that is not the one of the registered key', () => {
  assert.equal(verdict(makeJwt({ ...header, alg: 'EdDSA' }, claims, key.privateKey)), 'ALGORITHM_REFUSED')
  assert.equal(
    verdict(makeJwt({ ...header, kid: otherKey.keyId }, claims, otherKey.privateKey)),
    'ALGORITHM_REFUSED',
  )
})

test('rejects a key brought along, crit, and every other header parameter', () => {
  for (const injected of [
    { jwk: stranger.publicJwk },
    { jku: 'https://attacker.example/jwks.json' },
    { x5u: 'https://attacker.example/chain.pem' },
    { x5c: ['MIIB'] },
    { crit: [] },
    { b64: false },
  ])
    assert.equal(
      verdict(makeJwt({ ...header, ...injected }, claims, stranger.privateKey)),
      'HEADER_PARAMETER_REFUSED',
    )
})

test('rejects an attester that nobody registered, under its own kid and under ours', () => {
  for (const kid of [stranger.keyId, '', '__proto__', null, undefined, [key.keyId]])
    assert.equal(verdict(makeJwt({ ...header, kid }, claims, stranger.privateKey)), 'KEY_UNKNOWN')
  assert.equal(verdict(makeJwt(header, claims, stranger.privateKey)), 'SIGNATURE_WRONG')
})

test('rejects a registered attester that signs in the name of another', () => {
  const forged = makeJwt(
    { ...header, alg: 'EdDSA', kid: otherKey.keyId },
    { ...claims, iss: 'desk-attester' },
    otherKey.privateKey,
  )
  assert.equal(verdict(forged), 'ISSUER_REFUSED')
  for (const iss of ['cloud-attester', 'nobody', '__proto__', 'constructor'])
    assert.equal(verdictOf({ iss }), 'ISSUER_REFUSED', iss)
})

test('rejects an attester that vouches for a platform that is not its own', () => {
  assert.equal(verdictOf({ sub: 'desk-beta' }), 'accepted')
  assert.equal(verdictOf({ sub: 'cloud' }), 'PLATFORM_REFUSED')
})

test('rejects typ values swapped: other kinds of document signed with the same key', () => {
  for (const typ of ['JWT', 'at+jwt', 'dpop+jwt', 'cordon-grant+jwt', 'secevent+jwt', undefined])
    assert.equal(verdict(makeJwt({ ...header, typ }, claims, key.privateKey)), 'TYPE_REFUSED')
})

test('rejects an attestation for another identity service, or for several', () => {
  assert.equal(verdictOf({ aud: 'https://other.example' }), 'AUDIENCE_REFUSED')
  assert.equal(verdictOf({ aud: `${audience}/` }), 'AUDIENCE_REFUSED')
  assert.equal(verdictOf({ aud: [audience] }), 'CLAIMS_MALFORMED')
})

test('rejects an expired one, a future one, and a life of more than an hour', () => {
  const text = makeJwt(header, claims, key.privateKey)
  assert.equal(verdict(text, claims.exp * 1000 - 1), 'accepted')
  assert.equal(verdict(text, claims.exp * 1000), 'EXPIRED')
  assert.equal(verdict(text, iat * 1000 - 5000), 'accepted')
  assert.equal(verdict(text, iat * 1000 - 5001), 'ISSUED_IN_FUTURE')
  assert.equal(verdictOf({ exp: iat + 3601 }), 'LIFE_TOO_LONG')
  assert.equal(verdictOf({ exp: iat }), 'CLAIMS_MALFORMED')
})

test('rejects a private key where the public one belongs', () => {
  assert.equal(verdictOf({ cnf: { jwk: { ...holderJwk, d: 'secret' } } }), 'CLAIMS_MALFORMED')
})

test('rejects other ways to name the holder, several holders, and none', () => {
  for (const cnf of [
    {},
    { jkt: holderThumbprint },
    { jwk: holderJwk, kid: 'k' },
    { jwk: [holderJwk] },
    { jwk: { kty: 'oct', k: 'c2VjcmV0' } },
    { jwk: { ...holderJwk, kid: 'k' } },
  ])
    assert.equal(verdictOf({ cnf }), 'CLAIMS_MALFORMED', JSON.stringify(cnf))
})

test('rejects a digest that is none, an agent with a second name in it, an unknown claim', () => {
  for (const changed of [
    { code_digest: codeDigest.toUpperCase() },
    { code_digest: codeDigest.slice(1) },
    { agent: 'agent-7#1' },
    { agent: 'agent 7' },
    { agent: '' },
    { nbf: iat + 1800 },
  ])
    assert.equal(verdictOf(changed), 'CLAIMS_MALFORMED', JSON.stringify(changed))
})

test('rejects a missing claim, each of them', () => {
  for (const name of Object.keys(claims)) {
    const rest = Object.fromEntries(Object.entries(claims).filter(([other]) => other !== name))
    assert.equal(verdict(makeJwt(header, rest, key.privateKey)), 'CLAIMS_MALFORMED', name)
  }
})

test('rejects duplicate JSON names in the claims, at any depth, and in the header', () => {
  for (const [once, twice] of [
    ['"sub":"desk"', '"sub":"cloud","sub":"desk"'],
    ['"kty":"OKP"', '"kty":"EC","kty":"OKP"'],
  ] as const) {
    const text = makeJwt(header, JSON.stringify(claims).replace(once, twice), key.privateKey)
    assert.equal(verdict(text), 'CLAIMS_MALFORMED')
  }
  const doubledHeader = JSON.stringify(header).replace('"alg":', '"alg":"none","alg":')
  assert.equal(verdict(makeJwt(doubledHeader, claims, key.privateKey)), 'NOT_A_COMPACT_JWS')
})

test('rejects the empty and the oversized before reading them', () => {
  assert.equal(verdict(''), 'TEXT_ABSENT')
  assert.equal(verdict('a'.repeat(16 * 1024 + 1)), 'TEXT_TOO_LARGE')
})

test('no attestation that was changed in any character is accepted', () => {
  const texts = [key, otherKey].map(signer =>
    issueClientAttestation(
      signer === key ? attestation : { ...attestation, attester: 'cloud-attester', platform: 'cloud' },
      audience,
      signer,
    ),
  )
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.nat(), fc.nat(), (text, at, how) => {
      const mutated = mutate(text, at, how)
      return mutated === text || verdict(mutated) !== 'accepted'
    }),
    { numRuns: 2000 },
  )
})

test('an attester that would write what nobody accepts is told so, without the key', () => {
  for (const changed of [
    { expiresAt: (iat + 3601) * 1000 },
    { expiresAt: iat * 1000 },
    { codeDigest: 'ab' },
    { agentId: parseAgentId('a b') },
  ])
    assert.throws(() => issueClientAttestation({ ...attestation, ...changed }, audience, key), {
      code: 'ATTESTATION_INVALID',
    })
})
