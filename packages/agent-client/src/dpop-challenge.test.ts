import assert from 'node:assert/strict'
import { test } from 'node:test'

import { challengeOf } from './dpop-challenge.ts'

const challenge = (header?: string) =>
  challengeOf(new Response(null, { status: 401, headers: header ? { 'www-authenticate': header } : {} }))

test('reads what the proxy asks for', () => {
  assert.equal(challenge('DPoP error="use_dpop_nonce", algs="EdDSA ES256"'), 'use_dpop_nonce')
  assert.equal(challenge('DPoP resource_metadata="https://a/b", error="invalid_token"'), 'invalid_token')
  assert.equal(challenge('dpop error="invalid_dpop_proof"'), 'other')
})

test('is not misled by what stands inside a quoted text, or by another scheme', () => {
  assert.equal(challenge('DPoP realm="error=\\"invalid_token\\"", error="use_dpop_nonce"'), 'use_dpop_nonce')
  assert.equal(challenge('DPoP resource_metadata="https://a/?error=use_dpop_nonce"'), 'other')
  assert.equal(challenge('Bearer error="invalid_token"'), 'other')
  assert.equal(challenge('DPoPx error="invalid_token"'), 'other')
  assert.equal(challenge(), 'other')
})
