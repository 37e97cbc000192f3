import assert from 'node:assert/strict'
import { test } from 'node:test'

import { generateHolderKey } from './holder-key.ts'
import { signCallProof } from './call-proof.ts'
import { signRequestProof } from './request-proof.ts'
import { verifyRequestProof } from './request-proof-verifier.ts'

const now = 1_800_000_000_000
const url = 'https://identity.example/token'
const key = generateHolderKey()
const claims = { method: 'POST', url, issuedAt: now, proofId: 'p-1' }
const expected = { method: 'POST', url, now }

const outcome = (proof: string, over: Partial<Parameters<typeof verifyRequestProof>[1]> = {}): string => {
  const verified = verifyRequestProof(proof, { ...expected, ...over })
  return verified.ok ? verified.holder : verified.reason
}

test('a proof names its key and its id', () => {
  const verified = verifyRequestProof(signRequestProof(key, claims), expected)
  assert.deepEqual(verified, { ok: true, holder: key.thumbprint, proofId: 'p-1' })
})

test('rejects a proof of another request', () => {
  const proof = signRequestProof(key, claims)
  assert.equal(outcome(proof, { method: 'GET' }), 'METHOD_REFUSED')
  assert.equal(outcome(proof, { url: `${url}/` }), 'URL_REFUSED')
  assert.equal(outcome(proof, { tokenText: 'a token' }), 'TOKEN_REFUSED')
})

test('rejects a proof that names another token, or one where none is shown', () => {
  const proof = signRequestProof(key, { ...claims, tokenText: 'a token' })
  assert.equal(outcome(proof, { tokenText: 'a token' }), key.thumbprint)
  assert.equal(outcome(proof, { tokenText: 'another' }), 'TOKEN_REFUSED')
  assert.equal(outcome(proof), 'TOKEN_REFUSED')
})

test('rejects a proof from a clock that is more than a minute off', () => {
  const table: readonly (readonly [number, string])[] = [
    [-60_000, key.thumbprint],
    [-61_000, 'ISSUED_TOO_EARLY'],
    [60_000, key.thumbprint],
    [61_000, 'ISSUED_IN_FUTURE'],
  ]
  for (const [skewMs, expectedOutcome] of table)
    assert.equal(outcome(signRequestProof(key, { ...claims, issuedAt: now + skewMs })), expectedOutcome)
})

test('rejects a call proof shown as the proof of a request', () => {
  const proof = signCallProof(key, {
    tokenText: 'a token',
    method: 'POST',
    url,
    nonce: '',
    issuedAt: now,
    sequence: 0,
    proofId: 'p-1',
  })
  assert.equal(outcome(proof, { tokenText: 'a token' }), 'CLAIMS_MALFORMED')
})

test('rejects a proof whose signature is of another key', () => {
  const [header = '', payload = ''] = signRequestProof(key, claims).split('.')
  const signature = signRequestProof(generateHolderKey(), claims).split('.')[2] ?? ''
  assert.equal(outcome(`${header}.${payload}.${signature}`), 'SIGNATURE_WRONG')
  assert.equal(outcome(''), 'PROOF_ABSENT')
  assert.equal(outcome('x'.repeat(5000)), 'PROOF_TOO_LARGE')
})
