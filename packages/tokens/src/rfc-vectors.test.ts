import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'

import { compactJws, parseCompactJws } from './compact-jws.ts'
import { openEd25519Key } from './ed25519.ts'
import { thumbprintOf } from './jwk-thumbprint.ts'
import { parseKeySet } from './key-set.ts'
import { digestArguments } from './proof/arguments-digest.ts'
import { createCallProofVerifier } from './proof/call-proof-verifier.ts'
import { parseProofHeader } from './proof/proof-header.ts'
import { verificationKeyOf } from './verification-key.ts'

const verifies = (text: string, key: Parameters<typeof verificationKeyOf>[0]): boolean => {
  const jws = parseCompactJws(text)
  return jws !== undefined && verificationKeyOf(key)?.verifies(jws.signed, jws.signature) === true
}

test('verifies the ES256 example of RFC 7515 appendix A.3', () => {
  const text =
    'eyJhbGciOiJFUzI1NiJ9' +
    '.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ' +
    '.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q'
  const key = {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  } as const
  assert.equal(verifies(text, key), true)
  assert.equal(verifies(text.replace('.Dt', '.Du'), key), false)
})

test('rejects the ES512 key of RFC 7515 appendix A.4: a curve that is not ours', () => {
  const key = {
    kty: 'EC',
    crv: 'P-521',
    x: 'AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk',
    y: 'ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2',
    kid: 'k',
    alg: 'ES512',
    use: 'sig',
  }
  assert.throws(() => parseKeySet({ keys: [key] }), { code: 'KEY_SET_INVALID' })
})

// RFC 8037 appendix A.1 and A.2.
const seed = Buffer.from('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', 'base64url')
const ed25519 = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } as const

test('signs and verifies the Ed25519 example of RFC 8037 appendices A.4 and A.5', () => {
  const text =
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc' +
    '.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg'
  const key = openEd25519Key(seed)
  assert.equal(key.publicKey.toString('base64url'), ed25519.x)
  const signed = text.slice(0, text.lastIndexOf('.'))
  assert.equal(`${signed}.${key.sign(Buffer.from(signed)).toString('base64url')}`, text)
  assert.equal(verifies(text, ed25519), true)
})

test('computes the thumbprints of RFC 8037 appendix A.3 and RFC 9449 §6.1, as RFC 7638 §3 has it', () => {
  assert.equal(thumbprintOf(ed25519), 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  const key = {
    kty: 'EC',
    crv: 'P-256',
    x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
    y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
  } as const
  assert.equal(thumbprintOf(key), '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I')
})

// RFC 9449, figures 2 (§4.1), 6 (§5) and 12 (§7.1).
const header =
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdC' +
  'RnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19'
const proofs = [
  '.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ' +
    '.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg',
  '.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjY1Mjk2fQ' +
    '.pAqut2IRDm_De6PR93SYmGBPXpwrAk90e8cP2hjiaG5QsGSuKDYW7_X620BxqhvYC8ynrrvZLTk41mSRroapUA',
  '.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9' +
    '.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA',
].map(rest => header + rest)

test('reads the key of the proofs of RFC 9449, and verifies their signatures', () => {
  const holder = parseProofHeader(header)
  assert.ok(typeof holder !== 'string')
  assert.equal(holder.thumbprint, '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I')
  for (const text of proofs) {
    const jws = parseCompactJws(text)
    assert.ok(jws && holder.key.verifies(jws.signed, jws.signature))
  }
})

test('rejects the proofs of RFC 9449 as call proofs: they bind neither call nor engine', () => {
  const tokenText = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'
  assert.equal(hash('sha256', tokenText, 'base64url'), 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo')
  for (const text of proofs)
    assert.deepEqual(
      createCallProofVerifier().verify(text, {
        tokenText,
        holder: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
        method: 'GET',
        url: 'https://resource.example.org/protectedresource',
        now: 1_562_262_618_000,
        isNonceAccepted: () => true,
      }),
      { ok: false, reason: 'CLAIMS_MALFORMED' },
    )
})

test('digests the sample of RFC 8785 §3.2.2 as its canonical text of §3.2.4 has it', () => {
  const sample = JSON.parse(
    String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
  ) as unknown
  const canonical = Buffer.from(
    '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d',
    'hex',
  )
  assert.equal(digestArguments(sample), hash('sha256', canonical, 'base64url'))
})

test('a JWS that is written is the one that RFC 8037 has', () => {
  const text = compactJws({ alg: 'EdDSA' }, {}, bytes => openEd25519Key(seed).sign(bytes))
  assert.equal(text.split('.')[0], 'eyJhbGciOiJFZERTQSJ9')
  assert.equal(verifies(text, ed25519), true)
})
