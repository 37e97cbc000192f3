import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'

import { algorithmsOf, isSignedWith } from './jws-algorithm.ts'

const ed25519 = createPublicKey({
  key: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  format: 'jwk',
})
const p256 = createPublicKey({
  key: {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  },
  format: 'jwk',
})

test('verifies the signature of RFC 8037 A.4', () => {
  const signed = Buffer.from('eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc')
  const signature = Buffer.from(
    'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
    'base64url',
  )
  assert.equal(isSignedWith('EdDSA', ed25519, signed, signature), true)
  assert.equal(isSignedWith('EdDSA', ed25519, Buffer.from(`${signed.toString()}x`), signature), false)
})

test('verifies the signature of RFC 7515 A.3', () => {
  const signed = Buffer.from(
    'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ',
  )
  const signature = Buffer.from(
    'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
    'base64url',
  )
  assert.equal(isSignedWith('ES256', p256, signed, signature), true)
  assert.equal(isSignedWith('ES256', p256, signed.subarray(1), signature), false)
})

test('a signature of another length, or of zeros, verifies nothing', () => {
  for (const length of [0, 1, 63, 64, 65, 72])
    for (const [algorithm, key] of [
      ['EdDSA', ed25519],
      ['ES256', p256],
    ] as const)
      assert.equal(isSignedWith(algorithm, key, Buffer.from('x'), Buffer.alloc(length)), false)
})

test('the algorithm follows from the key: RSA below 2048 bits and other curves verify nothing', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  assert.deepEqual(algorithmsOf(ed25519), ['EdDSA'])
  assert.deepEqual(algorithmsOf(p256), ['ES256'])
  assert.deepEqual(algorithmsOf(rsa.publicKey), ['RS256', 'PS256'])
  assert.deepEqual(algorithmsOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey), [])
  assert.deepEqual(algorithmsOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey), [])
  assert.deepEqual(algorithmsOf(generateKeyPairSync('x25519').publicKey), [])
  const bytes = Buffer.from('signed as PKCS #1 1.5')
  const signature = sign('sha256', bytes, rsa.privateKey)
  assert.equal(isSignedWith('RS256', rsa.publicKey, bytes, signature), true)
  assert.equal(isSignedWith('PS256', rsa.publicKey, bytes, signature), false)
})
