import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'

import { hasLowS } from '../low-s.ts'
import { generateHolderKey, holderKeyOf, openHolderKey } from './holder-key.ts'

test('the key of RFC 8037 appendix A has the public half and the thumbprint that stand there', () => {
  const key = openHolderKey(Buffer.from('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', 'base64url'))
  assert.equal(key.publicJwk.x, '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo')
  assert.equal(key.thumbprint, 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
})

test('no two keys are the same', () => {
  assert.notEqual(generateHolderKey().thumbprint, generateHolderKey().thumbprint)
})

test('a P-256 key writes the lower of its two signatures, always', () => {
  const key = holderKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
  for (let count = 0; count < 50; count += 1) assert.equal(hasLowS(key.sign(Buffer.from([count]))), true)
})

test('refuses secrets of another length and keys of another kind, without repeating them', () => {
  assert.throws(
    () => openHolderKey(Buffer.from('secret-looking')),
    (error: Error) => {
      assert.match(error.message, /expected 32 bytes, got 14/)
      return 'code' in error && error.code === 'HOLDER_KEY_INVALID' && !error.message.includes('secret')
    },
  )
  for (const { privateKey } of [
    generateKeyPairSync('ec', { namedCurve: 'P-384' }),
    generateKeyPairSync('ed25519'),
    generateKeyPairSync('rsa', { modulusLength: 1024 }),
  ])
    assert.throws(() => holderKeyOf(privateKey), { code: 'HOLDER_KEY_INVALID' })
})
