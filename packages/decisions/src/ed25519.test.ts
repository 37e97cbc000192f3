import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'

import { isSignedBy, openEd25519Key } from './ed25519.ts'

// RFC 8032 §7.1, test 2.
const seed = Buffer.from('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex')
const publicKey = Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex')
const message = Buffer.from('72', 'hex')
const signature = Buffer.from(
  '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
    '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  'hex',
)

const key = openEd25519Key(seed)

test('keys and signatures are those of RFC 8032', () => {
  assert.deepEqual(key.publicKey, publicKey)
  assert.deepEqual(key.sign(message), signature)
  assert.equal(isSignedBy(publicKey, message, signature), true)
})

test('others verify what it signs', () => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') }
  const other = createPublicKey({ key: jwk, format: 'jwk' })
  for (const text of ['', 'cordon', 'x'.repeat(10_000)])
    assert.ok(verify(null, Buffer.from(text), other, key.sign(Buffer.from(text))))
})

test('every changed bit breaks a signature', () => {
  for (let bit = 0; bit < signature.length * 8; bit += 1) {
    const changed = Buffer.from(signature)
    changed[bit >> 3]! ^= 1 << (bit & 7)
    assert.equal(isSignedBy(publicKey, message, changed), false, `bit ${bit}`)
  }
})
