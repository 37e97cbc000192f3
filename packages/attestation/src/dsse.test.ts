import assert from 'node:assert/strict'
import { sign } from 'node:crypto'
import { test } from 'node:test'

import { makeP256Key } from './attestation-fixture.ts'
import { openEnvelope, preAuthenticationEncoding } from './dsse.ts'

// The vector of https://github.com/secure-systems-lab/dsse, protocol.md.
const payloadType = 'http://example.com/HelloWorld'
const envelope = {
  payloadType,
  payload: 'aGVsbG8gd29ybGQ=',
  signatures: [
    {
      keyid: '66301bbf',
      sig: 'A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==',
    },
  ],
}
const coordinate = (value: bigint): string =>
  Buffer.from(value.toString(16).padStart(64, '0'), 'hex').toString('base64url')
const publicKey = {
  kty: 'EC',
  crv: 'P-256',
  x: coordinate(46950820868899156662930047687818585632848591499744589407958293238635476079160n),
  y: coordinate(5640078356564379163099075877009565129882514886557779369047442380624545832820n),
} as const
const keyOf = (name: string) => (name === '66301bbf' ? publicKey : undefined)

test('encodes what is signed as the published vector does', () => {
  assert.equal(
    preAuthenticationEncoding(payloadType, Buffer.from('hello world')).toString(),
    'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
  )
  // Bytes, not characters.
  assert.equal(preAuthenticationEncoding('ä', Buffer.from('€')).toString(), 'DSSEv1 2 ä 3 €')
})

test('opens the published envelope', () => {
  assert.equal(openEnvelope(envelope, keyOf)?.toString(), 'hello world')
})

test('rejects the published signature under another type, payload or key name', () => {
  assert.equal(openEnvelope({ ...envelope, payloadType: `${payloadType}!` }, keyOf), undefined)
  assert.equal(openEnvelope({ ...envelope, payload: 'aGVsbG8gd29ybGE=' }, keyOf), undefined)
  assert.equal(openEnvelope({ ...envelope, signatures: [] }, keyOf), undefined)
  const signatures = [{ ...envelope.signatures[0]!, keyid: 'another' }]
  assert.equal(openEnvelope({ ...envelope, signatures }, keyOf), undefined)
})

test('a valid signature counts beside others that are not', () => {
  const signatures = [
    { keyid: '66301bbf', sig: 'AAAA' },
    { keyid: 'nobody', sig: '' },
    ...envelope.signatures,
  ]
  assert.equal(openEnvelope({ ...envelope, signatures }, keyOf)?.toString(), 'hello world')
})

test('reads both alphabets of base64, and nothing that a decoder has to pass over', () => {
  const payload = 'aGVsbG8gd29ybGQ'
  assert.equal(openEnvelope({ ...envelope, payload }, keyOf)?.toString(), 'hello world')
  for (const payload of ['aGVsbG8g d29ybGQ=', 'aGVsbG8gd29ybGQ===', 'aGVsbG8gd29ybGR='])
    assert.equal(openEnvelope({ ...envelope, payload }, keyOf), undefined, payload)
})

test('reads ECDSA in DER too, as cosign writes it', () => {
  const key = makeP256Key()
  const signed = preAuthenticationEncoding(payloadType, Buffer.from('hello world'))
  const sig = sign('sha256', signed, { key: key.privateKey, dsaEncoding: 'der' }).toString('base64')
  const inDer = { ...envelope, signatures: [{ keyid: 'k', sig }] }
  assert.equal(openEnvelope(inDer, () => key.publicJwk)?.toString(), 'hello world')
})
