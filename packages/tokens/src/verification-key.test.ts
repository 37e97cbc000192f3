import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'

import { openEd25519Key } from './ed25519.ts'
import { hasLowS, withLowS } from './low-s.ts'
import { type VerificationKey, verificationKeyOf } from './verification-key.ts'

const message = Buffer.from('message')

const keyOf = (jwk: Parameters<typeof verificationKeyOf>[0]): VerificationKey => {
  const key = verificationKeyOf(jwk)
  assert.ok(key)
  return key
}

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const point = publicKey.export({ format: 'jwk' }) as { x: string; y: string }
const es256 = keyOf({ kty: 'EC', crv: 'P-256', x: point.x, y: point.y })

// SP 800-186 §3.2.1.3.
const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')
const one = Buffer.from('01'.padStart(64, '0'), 'hex')
const zero = Buffer.alloc(32)

test('rejects r and s of zero, of the order, and beyond it', () => {
  const signature = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  assert.equal(es256.verifies(message, signature), true)
  const r = signature.subarray(0, 32)
  const s = signature.subarray(32)
  for (const [first, second] of [
    [zero, zero],
    [zero, s],
    [r, zero],
    [order, s],
    [r, order],
    [order, order],
    [one, one],
    [one, zero],
    [Buffer.alloc(32, 0xff), Buffer.alloc(32, 0xff)],
    [s, r],
  ] as const)
    assert.equal(es256.verifies(message, Buffer.concat([first, second])), false)
})

test('rejects a signature of another length or in DER', () => {
  const signature = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  const der = sign('sha256', message, privateKey)
  for (const other of [
    der,
    signature.subarray(1),
    signature.subarray(0, 63),
    Buffer.concat([signature, Buffer.alloc(1)]),
    Buffer.concat([Buffer.alloc(1), signature]),
    Buffer.alloc(0),
  ])
    assert.equal(es256.verifies(message, other), false)
})

test('of the two signatures that ECDSA has, one is low, and both can be told apart', () => {
  for (let count = 0; count < 20; count += 1) {
    const low = withLowS(sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }))
    const high = (BigInt(`0x${order.toString('hex')}`) - BigInt(`0x${low.toString('hex', 32)}`)).toString(16)
    const twin = Buffer.concat([low.subarray(0, 32), Buffer.from(high.padStart(64, '0'), 'hex')])
    assert.deepEqual([hasLowS(low), hasLowS(twin)], [true, false])
    assert.deepEqual([es256.verifies(message, low), es256.verifies(message, twin)], [true, true])
    assert.deepEqual(withLowS(twin), low)
  }
})

// All points of small order, in all their spellings.
const smallOrder = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].flatMap(hex => {
  const bytes = Buffer.from(hex, 'hex')
  const negative = Buffer.from(bytes)
  negative[31] = (negative[31] ?? 0) | 0x80
  return [bytes, negative]
})

test('rejects keys of small order, which sign every message for everybody', () => {
  // With the identity as key and as R, and S = 0, the equation of RFC 8032 §5.1.7 holds whatever the message is.
  for (const bytes of smallOrder) {
    const key = keyOf({ kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') })
    for (const r of smallOrder) assert.equal(key.verifies(message, Buffer.concat([r, zero])), false)
  }
})

const ed25519 = openEd25519Key(Buffer.alloc(32, 7))
const holder = keyOf({ kty: 'OKP', crv: 'Ed25519', x: ed25519.publicKey.toString('base64url') })

test('rejects an S that is not reduced, and an R of small order', () => {
  const signature = ed25519.sign(message)
  assert.equal(holder.verifies(message, signature), true)
  const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`)
  for (let times = 1n; times <= 8n; times += 1n) {
    const larger = (s + times * groupOrder).toString(16).padStart(64, '0')
    const twin = Buffer.concat([signature.subarray(0, 32), Buffer.from(larger, 'hex').reverse()])
    assert.equal(holder.verifies(message, twin), false)
  }
  for (const r of smallOrder)
    assert.equal(holder.verifies(message, Buffer.concat([r, signature.subarray(32)])), false)
})

test('every changed bit of message or signature breaks it, for both algorithms', () => {
  for (const [key, signature] of [
    [holder, ed25519.sign(message)],
    [es256, withLowS(sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }))],
  ] as const)
    for (let bit = 0; bit < signature.length * 8; bit += 1) {
      const changed = Buffer.from(signature)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      assert.equal(key.verifies(message, changed), false, `bit ${bit}`)
    }
})

test('no key comes of coordinates in another spelling, of another length, or of no point', () => {
  const x = ed25519.publicKey.toString('base64url')
  for (const other of [`${x}=`, x.slice(1), `${x}A`, ` ${x}`, '', x.replace(/.$/, 'B')])
    assert.equal(verificationKeyOf({ kty: 'OKP', crv: 'Ed25519', x: other }), undefined, other)
  for (const other of [
    { x: point.x, y: point.x },
    { x: point.x, y: zero.toString('base64url') },
    { x: zero.toString('base64url'), y: zero.toString('base64url') },
    { x: `${point.x}=`, y: point.y },
    { x: order.toString('base64url'), y: point.y },
    { x: Buffer.alloc(32, 0xff).toString('base64url'), y: point.y },
  ])
    assert.equal(verificationKeyOf({ kty: 'EC', crv: 'P-256', ...other }), undefined, JSON.stringify(other))
})
