import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { DsseEnvelope } from '@cordon/policy'
import * as fc from 'fast-check'

import { makeEd25519Key, makeP256Key, mutate } from './attestation-fixture.ts'
import { signEnvelope } from './dsse.ts'
import { signStatement } from './in-toto-statement.ts'
import { verifyProvenance } from './provenance.ts'

const key = makeEd25519Key()
const otherKey = makeP256Key()
const stranger = makeEd25519Key()
const buildKeys = { ci: key.publicJwk, 'release-team': otherKey.publicJwk }

const built = 'ab'.repeat(32)
const other = 'cd'.repeat(32)

const statement = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'agent.mjs', digest: { sha256: built, sha512: 'ef'.repeat(64) } }],
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: { runDetails: { builder: { id: 'https://ci.example/builder' } } },
}
const type = 'application/vnd.in-toto+json'
const wrap = (payload: unknown, payloadType: string = type): DsseEnvelope =>
  signEnvelope(
    payloadType,
    Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
    key,
    'ci',
  )
const vouches = (envelope: DsseEnvelope, digest: string = built): boolean =>
  verifyProvenance([envelope], buildKeys, digest)

test('accepts code that a build key vouches for, and no other code', () => {
  assert.equal(vouches(wrap(statement)), true)
  assert.equal(vouches(wrap(statement), other), false)
  assert.equal(verifyProvenance([], buildKeys, built), false)
  assert.equal(
    verifyProvenance([wrap({ ...statement, subject: [] }), wrap(statement)], buildKeys, built),
    true,
  )
})

test('what a builder signs is accepted, with either kind of key and for each subject', () => {
  const statement = {
    subjects: [
      { name: 'agent.mjs', sha256: built },
      { name: 'worker.mjs', sha256: other },
    ],
    builder: 'https://ci.example/builder',
    buildType: 'https://ci.example/build/v1',
  }
  for (const [name, signer] of [
    ['ci', key],
    ['release-team', otherKey],
  ] as const)
    for (const digest of [built, other])
      assert.equal(verifyProvenance([signStatement(statement, signer, name)], buildKeys, digest), true)
  assert.throws(() => signStatement({ ...statement, subjects: [] }, key), { code: 'STATEMENT_INVALID' })
  assert.throws(() => signStatement({ ...statement, subjects: [{ name: 'a', sha256: 'ab' }] }, key), {
    code: 'STATEMENT_INVALID',
  })
})

test('rejects a statement of a key that is not trusted to build, under any name', () => {
  for (const name of [stranger.keyId, 'ci', '__proto__', 'constructor', ''])
    assert.equal(
      vouches(signEnvelope(type, Buffer.from(JSON.stringify(statement)), stranger, name)),
      false,
      name,
    )
})

test('rejects a signature of one build key under the name of another', () => {
  assert.equal(
    vouches(signEnvelope(type, Buffer.from(JSON.stringify(statement)), key, 'release-team')),
    false,
  )
})

test('rejects a statement that is no provenance: a scan names its subject too', () => {
  for (const predicateType of [
    'https://slsa.dev/verification_summary/v1',
    'https://in-toto.io/scan',
    '',
    null,
  ])
    assert.equal(vouches(wrap({ ...statement, predicateType })), false)
  assert.equal(vouches(wrap({ ...statement, _type: 'https://in-toto.io/Statement/v0.1' })), false)
})

test('rejects another payload type, also one that is signed', () => {
  assert.equal(vouches(wrap(statement, 'application/json')), false)
  assert.equal(vouches({ ...wrap(statement, 'application/json'), payloadType: type }), false)
})

test('rejects a digest of another algorithm, and duplicate names', () => {
  assert.equal(vouches(wrap({ ...statement, subject: [{ digest: { sha512: built } }] })), false)
  const doubled = JSON.stringify(statement).replace('"sha256":', `"sha256":"${other}","sha256":`)
  assert.equal(vouches(wrap(doubled)), false)
  assert.equal(vouches(wrap('no JSON')), false)
})

test('no envelope that was changed in any character of type, payload, key name or signature is accepted', () => {
  const envelope = wrap(statement)
  const [signature] = envelope.signatures
  const variants: readonly ((at: number, how: number) => DsseEnvelope)[] = [
    (at, how) => ({ ...envelope, payloadType: mutate(envelope.payloadType, at, how) }),
    (at, how) => ({ ...envelope, payload: mutate(envelope.payload, at, how) }),
    (at, how) => ({
      ...envelope,
      signatures: [{ ...signature!, keyid: mutate(signature!.keyid, at, how) }],
    }),
    (at, how) => ({ ...envelope, signatures: [{ ...signature!, sig: mutate(signature!.sig, at, how) }] }),
  ]
  // Another spelling of the same bytes says the same.
  const isSame = (a: DsseEnvelope, b: DsseEnvelope): boolean =>
    a.payloadType === b.payloadType &&
    a.payload.replaceAll('=', '') === b.payload.replaceAll('=', '') &&
    a.signatures[0]!.keyid === b.signatures[0]!.keyid &&
    a.signatures[0]!.sig.replaceAll('=', '') === b.signatures[0]!.sig.replaceAll('=', '')
  fc.assert(
    fc.property(fc.constantFrom(...variants), fc.nat(), fc.nat(), (vary, at, how) => {
      const mutated = vary(at, how)
      return isSame(mutated, envelope) || !vouches(mutated)
    }),
    { numRuns: 2000 },
  )
})
