import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'

import * as fc from 'fast-check'

import * as downstream from './downstream/downstream-fixture.ts'
import { createDownstreamVerifier } from './downstream/downstream-verifier.ts'
import { mutationsOf } from './mutations-fixture.ts'
import { createCallProofVerifier } from './proof/call-proof-verifier.ts'
import { holderKeyOf } from './proof/holder-key.ts'
import * as proof from './proof/proof-fixture.ts'
import * as session from './session-token-fixture.ts'
import { createTokenVerifier } from './token-verifier.ts'

/** What was verified before helps nobody: the original is accepted first, so that it is in the cache. */
const rejectsMutations = (text: string, isAccepted: (text: string) => boolean): void => {
  assert.ok(isAccepted(text))
  fc.assert(
    fc.property(mutationsOf(text), changed => {
      assert.equal(isAccepted(changed), false)
    }),
    { numRuns: 2000 },
  )
}

test('no mutated session token is ever accepted', () => {
  const { issuer, keys, now } = session
  const verifier = createTokenVerifier({ issuer, keys: () => keys })
  rejectsMutations(session.makeToken(), text => verifier.verify(text, 'files', now).ok)
})

test('no mutated call proof is ever accepted, with keys of both kinds', () => {
  const es256 = holderKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
  for (const key of [proof.holder, es256]) {
    const verifier = createCallProofVerifier()
    const expected = { ...proof.expected, holder: key.thumbprint }
    const text = proof.makeProof(proof.claims, proof.headerOf(key), key)
    rejectsMutations(text, changed => verifier.verify(changed, expected).ok)
  }
})

test('no mutated downstream token is ever accepted', () => {
  const { issuer, keys, now, request } = downstream
  const verifier = createDownstreamVerifier({ server: 'files', issuer })
  rejectsMutations(downstream.makeToken(), text => verifier.verify(text, request, keys, now).ok)
})

test('no token passes as one of another kind', () => {
  const verifier = createTokenVerifier({ issuer: session.issuer, keys: () => session.keys })
  const proofs = createCallProofVerifier()
  const receiver = createDownstreamVerifier({ server: 'files', issuer: downstream.issuer })
  const texts = [session.makeToken(), proof.makeProof(), downstream.makeToken()]
  const accepted = texts.map(text => [
    verifier.verify(text, 'files', session.now).ok,
    proofs.verify(text, proof.expected).ok,
    receiver.verify(text, downstream.request, downstream.keys, downstream.now).ok,
  ])
  assert.deepEqual(accepted, [
    [true, false, false],
    [false, true, false],
    [false, false, true],
  ])
})
