import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'

import { parseKeySet } from './key-set.ts'
import { generateSigningKeyPem, openSigningKey } from './signing-key.ts'

test('reads what a signing key publishes', async () => {
  const { publicJwk, keyId } = await openSigningKey(generateSigningKeyPem())
  assert.deepEqual([...parseKeySet({ keys: [publicJwk] }).keys()], [keyId])
})

// RFC 8037 appendix A.2.
const ed25519 = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  kid: 'k',
  alg: 'EdDSA',
  use: 'sig',
}

test('reads several keys of both kinds: while one replaces another, both are there', async () => {
  const { publicJwk, keyId } = await openSigningKey(generateSigningKeyPem())
  const keys = parseKeySet({ keys: [publicJwk, ed25519] })
  assert.deepEqual([keys.get(keyId)?.algorithm, keys.get('k')?.algorithm], ['ES256', 'EdDSA'])
})

test('rejects one kid for two keys, private keys, other algorithms and no keys at all', async () => {
  const { publicJwk } = await openSigningKey(generateSigningKeyPem())
  const other = await openSigningKey(generateSigningKeyPem())
  for (const keys of [
    [],
    [publicJwk, { ...other.publicJwk, kid: publicJwk.kid }],
    [{ ...publicJwk, d: 'secret' }],
    [{ ...publicJwk, alg: 'HS256' }],
    [{ ...publicJwk, use: 'enc' }],
    [{ ...publicJwk, x: publicJwk.y }],
    [publicJwk, { ...ed25519, d: 'secret' }],
    [{ ...ed25519, alg: 'ES256' }],
    [{ ...ed25519, crv: 'X25519' }],
    [{ ...ed25519, x: `${ed25519.x}=` }],
    [{ ...publicJwk, kty: 'OKP', crv: 'Ed25519' }],
    [{ kty: 'oct', k: 'c2VjcmV0', kid: 'k', alg: 'HS256', use: 'sig' }],
  ])
    assert.throws(() => parseKeySet({ keys }), { code: 'KEY_SET_INVALID' })
})

test('rejects a signing key of another curve, and text that is none', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  for (const text of [pem, '', 'secret-looking text'])
    await assert.rejects(openSigningKey(text), (error: Error) => {
      assert.ok('code' in error && error.code === 'SIGNING_KEY_INVALID')
      return text === '' || !error.message.includes(text)
    })
})
