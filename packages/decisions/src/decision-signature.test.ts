import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openDecisionSigner } from './decision-key.ts'
import { createDecisionVerifier } from './decision-verifier.ts'
import { beatBytes, standingBytes, verdictBytes } from './signed-bytes.ts'

// RFC 8032 §7.1, test 1.
const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
const publicKey = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex')

const signer = openDecisionSigner(seed)
const verifier = createDecisionVerifier([signer.key])
const claim = { sessionId: '3.one', standing: 'suspended', standingVersion: 9 } as const
const verdict = { engineId: 'a', sessionId: '3.one', invocationId: 'i', verdict: 'deny' } as const
const beat = { partition: 3, position: 9, beatAt: 1_000 }

test('the public half is that of RFC 8032', () => {
  assert.equal(signer.key.publicKey, publicKey.toString('base64url'))
})

test('what is signed begins with what it is, and no two claims have the same bytes', () => {
  assert.equal(standingBytes(claim).toString(), 'cordon/standing/v1\x003.one\0suspended\x009')
  assert.equal(beatBytes(beat).toString(), 'cordon/beat/v1\x003\x009\x001000')
  assert.equal(verdictBytes(verdict).toString(), 'cordon/verdict/v1\0a\x003.one\0i\0deny')
})

test('the same claim has the same signature each time', () => {
  assert.deepEqual(signer.sign(claim), openDecisionSigner(seed).sign(claim))
})

test('believes what a known key signed, and nothing that was changed since', () => {
  const signed = { ...claim, ...signer.sign(claim) }
  assert.equal(verifier.verifyStanding(signed), true)
  for (const change of [{ sessionId: '3.two' }, { standing: 'trusted' }, { standingVersion: 10 }] as const)
    assert.equal(verifier.verifyStanding({ ...signed, ...change }), false)
  const beaten = { ...beat, ...signer.signBeat(beat) }
  assert.equal(verifier.verifyBeat(beaten), true)
  for (const change of [{ partition: 4 }, { position: 10 }, { beatAt: 1_001 }])
    assert.equal(verifier.verifyBeat({ ...beaten, ...change }), false)
  const judged = { ...verdict, ...signer.signVerdict(verdict) }
  assert.equal(verifier.verifyVerdict(judged), true)
  for (const change of [
    { engineId: 'b' },
    { sessionId: '3.two' },
    { invocationId: 'j' },
    { verdict: 'forward' },
  ] as const)
    assert.equal(verifier.verifyVerdict({ ...judged, ...change }), false)
})

test('rejects signatures that are missing, cut, too long or of no key', () => {
  const { keyId, signature } = signer.sign(claim)
  for (const forged of [
    { keyId: '', signature: Buffer.alloc(0) },
    { keyId, signature: Buffer.alloc(0) },
    { keyId, signature: signature.subarray(0, 63) },
    { keyId, signature: Buffer.concat([signature, Buffer.alloc(1)]) },
    { keyId: 'other', signature },
    { keyId, signature: openDecisionSigner(Buffer.alloc(32, 1)).sign(claim).signature },
  ])
    assert.equal(verifier.verifyStanding({ ...claim, ...forged }), false)
})

test('while one key replaces another, both are believed', () => {
  const next = openDecisionSigner(Buffer.alloc(32, 1))
  const both = createDecisionVerifier([signer.key, next.key])
  for (const each of [signer, next]) assert.ok(both.verifyStanding({ ...claim, ...each.sign(claim) }))
  assert.equal(createDecisionVerifier([next.key]).verifyStanding({ ...claim, ...signer.sign(claim) }), false)
})

test('rejects a key of another length', () => {
  assert.throws(() => openDecisionSigner(Buffer.alloc(31)), { message: /expected 32 bytes, got 31/ })
})
