import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'

import { generateVoucherKeyPem, openVoucherKey } from './voucher-key.ts'

test('publishes nothing of its private half', () => {
  const { publicJwk, algorithm, keyId } = openVoucherKey(generateVoucherKeyPem())
  assert.deepEqual(Object.keys(publicJwk).sort(), ['crv', 'kty', 'x'])
  assert.equal(algorithm, 'EdDSA')
  assert.match(keyId, /^[\w-]{43}$/)
})

test('refuses keys of another kind and text that is none, without repeating it', () => {
  const pems = [
    generateKeyPairSync('ec', { namedCurve: 'P-384' }),
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
    generateKeyPairSync('x25519'),
  ].map(({ privateKey }) => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  for (const pem of [...pems, '', 'secret-looking text'])
    assert.throws(
      () => openVoucherKey(pem),
      (error: Error) => {
        assert.ok('code' in error && error.code === 'VOUCHER_KEY_INVALID')
        return pem === '' || !error.message.includes(pem)
      },
    )
})
