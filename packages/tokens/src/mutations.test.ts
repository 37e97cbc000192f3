import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'

import * as fc from 'fast-check'

import * as downstream from './downstream/downstream-fixture.ts'
import { createDownstreamVerifier } from './downstream/downstream-verifier.ts'
import { createCallProofVerifier } from './proof/call-proof-verifier.ts'
import { holderKeyOf } from './proof/holder-key.ts'
import * as proof from './proof/proof-fixture.ts'
import * as session from './session-token-fixture.ts'
import { createTokenVerifier } from './token-verifier.ts'

/** What was verified before helps nobody: the original is accepted first, so that it is in the cache. */
const rejectsMutations = (text: string, isAccepted: (text: string) => boolean): void => {
  assert.ok(isAccepted(text))
  fc.assert(
    fc.property(mutationsOf(text), changed => {
      assert.equal(isAccepted(changed), false)
    }),
    { numRuns: 2000 },
  )
}

test('no mutated session token is ever accepted', () => {
  const { issuer, keys, now } = session
  const verifier = createTokenVerifier({ issuer, keys: () => keys })
  rejectsMutations(session.makeToken(), text => verifier.verify(text, 'files', now).ok)
})

test('no mutated call proof is ever accepted, with keys of both kinds', () => {
  const es256 = holderKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
  for (const key of [proof.holder, es256]) {
    const verifier = createCallProofVerifier()
    const expected = { ...proof.expected, holder: key.thumbprint }
    const text = proof.makeProof(proof.claims, proof.headerOf(key), key)
    rejectsMutations(text, changed => verifier.verify(changed, expected).ok)
    const mcp = { method: 'answer', content_s256: 'c'.repeat(43) }
    const message = { method: 'answer', contentDigest: mcp.content_s256 }
    const ofAnswer = proof.makeProof({ ...proof.claims, mcp }, proof.headerOf(key), key)
    rejectsMutations(ofAnswer, changed => verifier.verify(changed, { ...expected, message }).ok)
  }
})

test('no mutated downstream token is ever accepted', () => {
  const { issuer, keys, now, request } = downstream
  const verifier = createDownstreamVerifier({ server: 'files', issuer })
  rejectsMutations(downstream.makeToken(), text => verifier.verify(text, request, keys, now).ok)
})

test('no token passes as one of another kind', () => {
  const verifier = createTokenVerifier({ issuer: session.issuer, keys: () => session.keys })
  const proofs = createCallProofVerifier()
  const receiver = createDownstreamVerifier({ server: 'files', issuer: downstream.issuer })
  const texts = [session.makeToken(), proof.makeProof(), downstream.makeToken()]
  const accepted = texts.map(text => [
    verifier.verify(text, 'files', session.now).ok,
    proofs.verify(text, proof.expected).ok,
    receiver.verify(text, downstream.request, downstream.keys, downstream.now).ok,
  ])
  assert.deepEqual(accepted, [
    [true, false, false],
    [false, true, false],
    [false, false, true],
  ])
})

// What an attacker may do to a compact JWS without the key that signed it.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const character = fc.constantFrom(...alphabet.split(''), '=', '+', '/', '.', ' ', '\n', '\u0000', '\u00e9')

/** Orders of the groups: of P-256, and of Ed25519's base point. */
const orderOfP256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const orderOfEd25519 = 2n ** 252n + 27742317777372353535851937790883648493n

const bigEndian = (value: bigint): Buffer =>
  Buffer.from(value.toString(16).padStart(64, '0').slice(-64), 'hex')
const numberOf = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`)

/** Texts that differ from the one given, and that nobody signed. */
const mutationsOf = (text: string): fc.Arbitrary<string> =>
  fc
    .oneof(
      { weight: 3, arbitrary: textChanges(text) },
      { weight: 3, arbitrary: bitFlips(text) },
      { weight: 3, arbitrary: memberChanges(text) },
      { weight: 2, arbitrary: signatureChanges(text) },
    )
    .filter(changed => changed !== text)

const textChanges = (text: string): fc.Arbitrary<string> => {
  const place = fc.nat({ max: text.length })
  const parts = text.split('.')
  return fc.oneof(
    fc.tuple(place, character).map(([at, other]) => text.slice(0, at) + other + text.slice(at + 1)),
    fc.tuple(place, character).map(([at, other]) => text.slice(0, at) + other + text.slice(at)),
    fc
      .tuple(place, place)
      .map(([from, to]) => text.slice(0, Math.min(from, to)) + text.slice(Math.max(from, to))),
    fc
      .tuple(place, place)
      .map(([from, to]) => text.slice(0, Math.max(from, to)) + text.slice(Math.min(from, to))),
    fc.shuffledSubarray(parts, { minLength: 1 }).map(some => some.join('.')),
    fc.constantFrom(text.toUpperCase(), text.toLowerCase(), `${text}.`, `.${text}`, `${text}${text}`),
  )
}

/** Of the bytes, so that the encoding stays right. */
const bitFlips = (text: string): fc.Arbitrary<string> =>
  fc.tuple(fc.nat({ max: 2 }), fc.nat(), fc.nat({ max: 7 })).map(([part, place, bit]) =>
    withPart(text, part, bytes => {
      const at = place % bytes.length
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
      return bytes
    }),
  )

/** Another value, a member less, or one more, at any depth of header or payload. */
const memberChanges = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat({ max: 1 }), fc.nat(), fc.jsonValue(), fc.constantFrom('replace', 'remove', 'add'))
    .map(([part, pick, value, change]) =>
      withPart(text, part, bytes => {
        const root = JSON.parse(bytes.toString()) as Record<string, unknown>
        const objects = objectsIn(root)
        const target = objects[pick % objects.length] ?? root
        const names = Object.keys(target)
        const name = change === 'add' ? `x${pick}` : (names[pick % names.length] ?? 'x')
        if (change === 'remove') delete target[name]
        else target[name] = value
        return Buffer.from(JSON.stringify(root))
      }),
    )

const objectsIn = (value: unknown): Record<string, unknown>[] => {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(objectsIn)
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner]
}

/** Other bytes, and the other numbers that lax verifiers take for the same. */
const signatureChanges = (text: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.uint8Array({ minLength: 0, maxLength: 80 }).map(bytes => withPart(text, 2, () => Buffer.from(bytes))),
    fc
      .constantFrom<(bytes: Buffer) => Buffer>(
        bytes =>
          Buffer.concat([bytes.subarray(0, 32), bigEndian(orderOfP256 - numberOf(bytes.subarray(32)))]),
        bytes =>
          Buffer.concat([bytes.subarray(0, 32), bigEndian(orderOfP256 + numberOf(bytes.subarray(32)))]),
        bytes =>
          Buffer.concat([bigEndian(orderOfP256 + numberOf(bytes.subarray(0, 32))), bytes.subarray(32)]),
        withReducedTwin,
        bytes => Buffer.concat([bytes.subarray(32), bytes.subarray(0, 32)]),
        bytes => Buffer.concat([bytes, Buffer.alloc(1)]),
        () => Buffer.alloc(64),
        () => Buffer.alloc(64, 0xff),
        () => Buffer.concat([bigEndian(orderOfP256), bigEndian(orderOfP256)]),
        () => Buffer.concat([bigEndian(1n), bigEndian(1n)]),
      )
      .map(change => withPart(text, 2, change)),
  )

// RFC 8032 §5.1.7: S + L is the same number to whoever does not check that S is below L. S is in little-endian order.
const withReducedTwin = (bytes: Buffer): Buffer => {
  const s = numberOf(Buffer.from(bytes.subarray(32)).reverse())
  return Buffer.concat([bytes.subarray(0, 32), Buffer.from(bigEndian(s + orderOfEd25519)).reverse()])
}

const withPart = (text: string, part: number, change: (bytes: Buffer) => Buffer): string =>
  text
    .split('.')
    .map((encoded, index) =>
      index === part ? change(Buffer.from(encoded, 'base64url')).toString('base64url') : encoded,
    )
    .join('.')
