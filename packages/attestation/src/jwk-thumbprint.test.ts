import assert from 'node:assert/strict'
import { test } from 'node:test'

import { holderJwk, holderThumbprint } from './attestation-fixture.ts'
import { jwkThumbprint } from './jwk-thumbprint.ts'

test('gives the Ed25519 key of RFC 8037 A.3 the thumbprint that stands there', () => {
  assert.equal(jwkThumbprint(holderJwk), holderThumbprint)
})

test('gives the P-256 key of RFC 9449 §4.1 the thumbprint of its §6.1', () => {
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
    y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
  } as const
  assert.equal(jwkThumbprint(jwk), '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I')
  const reordered = { y: jwk.y, kid: 'another member', x: jwk.x, crv: jwk.crv, kty: jwk.kty }
  assert.equal(jwkThumbprint(reordered), '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I')
})
