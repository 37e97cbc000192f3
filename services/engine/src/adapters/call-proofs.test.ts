import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ProvenRequest } from '@cordon/engine-socket'
import { makeSessionId } from '@cordon/foundation'
import type { CallProofClaims, ProvenCall, SessionToken } from '@cordon/tokens'
import { digestArguments, generateHolderKey, signCallProof } from '@cordon/tokens'

import { principal, startAt } from '../session-fixture.ts'
import type { CallProofs } from '../ports.ts'
import { createCallProofs } from './call-proofs.ts'

const key = generateHolderKey()
const session: SessionToken = { ...principal, holder: key.thumbprint }
const tokenText = 'the session token'
const url = 'https://proxy.example/mcp/files'
const eraMs = 300_000
const call: ProvenCall = {
  server: 'files',
  tool: 'read_file',
  argumentsDigest: digestArguments({ path: '/a' }),
}

const shown = (proofs: CallProofs, claims: Partial<CallProofClaims> = {}): ProvenRequest => ({
  token: tokenText,
  htm: 'POST',
  htu: url,
  proof: signCallProof(key, {
    tokenText,
    method: 'POST',
    url,
    nonce: proofs.nonce(startAt),
    issuedAt: startAt,
    sequence: 0,
    message: call,
    proofId: 'proof-1',
    ...claims,
  }),
})

test('a proof of this call by the holder of the token is good, once', () => {
  const proofs = createCallProofs()
  const first = shown(proofs)
  assert.deepEqual(proofs.verify(first, session, startAt, call), {
    ok: true,
    proven: { proof: first.proof, sequence: 0, issuedAt: startAt, era: Math.floor(startAt / eraMs) },
  })
  assert.deepEqual(proofs.verify(first, session, startAt, call), { ok: false, reason: 'PROOF_REPLAYED' })
  // Another proof with the same number would hide a call.
  const again = shown(proofs, { proofId: 'proof-2' })
  assert.equal(proofs.verify(again, session, startAt, call).ok, false)
  assert.equal(proofs.verify(shown(proofs, { sequence: 1 }), session, startAt, call).ok, true)
})

test('a number that was given back is good for another proof, once, and not for the same', () => {
  const proofs = createCallProofs()
  const refused = shown(proofs)
  const first = proofs.verify(refused, session, startAt, call)
  assert.ok(first.ok)
  assert.equal(proofs.giveBack(session.sessionId, first.proven), true)
  const replayed = { ok: false, reason: 'PROOF_REPLAYED' } as const
  assert.deepEqual(proofs.verify(refused, session, startAt, call), replayed)
  assert.ok(proofs.verify(shown(proofs, { proofId: 'proof-2' }), session, startAt, call).ok)
  const third = shown(proofs, { proofId: 'proof-3' })
  assert.deepEqual(proofs.verify(third, session, startAt, call), replayed)
})

test('rejects a replay of a call that passed while the clock was set back, once the next era has begun', () => {
  const proofs = createCallProofs()
  const other = { ...session, sessionId: makeSessionId(3, '0192f3a0-5b7e-7c1d-8a2b-000000000000') }
  assert.equal(proofs.verify(shown(proofs), other, startAt, call).ok, true)
  // An answer was written while the clock was an era ahead.
  proofs.nonce(startAt + eraMs)
  const proof = shown(proofs)
  assert.equal(proofs.verify(proof, session, startAt, call).ok, true)
  const later = startAt + 2 * eraMs
  assert.equal(
    proofs.verify(
      shown(proofs, { nonce: proofs.nonce(later), issuedAt: later, sequence: 1 }),
      other,
      later,
      call,
    ).ok,
    true,
  )
  assert.deepEqual(proofs.verify(proof, session, startAt, call), { ok: false, reason: 'PROOF_REPLAYED' })
})

test('rejects a proof that was made for another engine, or for this one before it was started again', () => {
  const proof = shown(createCallProofs())
  const another = createCallProofs()
  assert.deepEqual(another.verify(proof, session, startAt, call), { ok: false, reason: 'PROOF_NONCE' })
})

test('to ask for another nonce takes no number', () => {
  const proofs = createCallProofs()
  assert.deepEqual(proofs.verify(shown(proofs, { nonce: '' }), session, startAt, call), {
    ok: false,
    reason: 'PROOF_NONCE',
  })
  assert.equal(proofs.verify(shown(proofs), session, startAt, call).ok, true)
})

test('calls and other requests are counted apart', () => {
  const proofs = createCallProofs()
  assert.equal(proofs.verify(shown(proofs), session, startAt, call).ok, true)
  const message = { method: 'tools/list', contentDigest: digestArguments({}) }
  const listing = {
    ...shown(proofs),
    proof: signCallProof(key, {
      tokenText,
      method: 'POST',
      url,
      nonce: proofs.nonce(startAt),
      issuedAt: startAt,
      sequence: 0,
      message,
      proofId: 'r',
    }),
  }
  assert.equal(proofs.verify(listing, session, startAt, message).ok, true)
})

test('rejects a proof of another tool, of other arguments, of no call, and by another key', () => {
  const proofs = createCallProofs()
  const stranger = { ...session, holder: generateHolderKey().thumbprint }
  for (const [verified, reason] of [
    [proofs.verify(shown(proofs), session, startAt, { ...call, tool: 'write_file' }), 'PROOF_INVALID'],
    [proofs.verify(shown(proofs), session, startAt, { ...call, argumentsDigest: '' }), 'PROOF_INVALID'],
    [proofs.verify(shown(proofs), session, startAt), 'PROOF_INVALID'],
    [proofs.verify(shown(proofs), stranger, startAt, call), 'PROOF_INVALID'],
    [proofs.verify({ ...shown(proofs), proof: '' }, session, startAt, call), 'PROOF_MISSING'],
  ] as const)
    assert.deepEqual(verified, { ok: false, reason })
})
