import assert from 'node:assert/strict'
import { test } from 'node:test'

import { generateHolderKey } from './holder-key.ts'
import {
  logInKeyOf,
  logInNonceOf,
  type ShownLogIn,
  signLogInProof,
  verifyLogInProof,
} from './log-in-proof.ts'

const key = generateHolderKey()
const holder = generateHolderKey().thumbprint
const shown: ShownLogIn = { url: 'https://identity.example/token', idToken: 'a.b.c', holder }
const now = 1_800_000_000_000
const proof = signLogInProof(key, { ...shown, issuedAt: now, proofId: 'p-1' })

test('a log-in names the key that it is for', () => {
  assert.equal(logInKeyOf(logInNonceOf(key.thumbprint)), key.thumbprint)
  for (const nonce of [undefined, 7, '', key.thumbprint, `x${logInNonceOf(key.thumbprint)}`])
    assert.equal(logInKeyOf(nonce), undefined)
  assert.equal(logInKeyOf('cordon-key.'), '')
})

test('proves the log-in’s key for one log-in and one session key', () => {
  assert.deepEqual(verifyLogInProof(proof, shown, now), { ok: true, holder: key.thumbprint, proofId: 'p-1' })
  const reasonOf = (change: Partial<ShownLogIn>): string => {
    const verified = verifyLogInProof(proof, { ...shown, ...change }, now)
    return verified.ok ? 'accepted' : verified.reason
  }
  assert.equal(reasonOf({ holder: key.thumbprint }), 'TOKEN_REFUSED')
  assert.equal(reasonOf({ idToken: 'a.b.d' }), 'TOKEN_REFUSED')
  assert.equal(reasonOf({ url: 'https://other.example/token' }), 'URL_REFUSED')
})
