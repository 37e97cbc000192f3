import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'

import { signCallProof } from './call-proof.ts'
import { createCallProofVerifier, type ProofExpectation } from './call-proof-verifier.ts'
import { digestArguments } from './arguments-digest.ts'
import { generateHolderKey, holderKeyOf } from './holder-key.ts'
import { call, claims, expected, headerOf, holder, iat, makeProof, nonce, now, url } from './proof-fixture.ts'
import type { ProofFault } from './proof-fault.ts'

const stranger = generateHolderKey()
const es256 = holderKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)

const answer = { method: 'answer', contentDigest: digestArguments({ id: 1, result: { action: 'accept' } }) }
const ofAnswer = { method: answer.method, content_s256: answer.contentDigest }

const verdict = (proof: string, change: Partial<ProofExpectation> = {}): ProofFault | 'accepted' => {
  const result = createCallProofVerifier().verify(proof, { ...expected, ...change })
  return result.ok ? 'accepted' : result.reason
}

const without = (name: keyof typeof claims): object =>
  Object.fromEntries(Object.entries(claims).filter(([other]) => other !== name))

test('accepts the well-formed proof that every attack below starts from, and says which it is', () => {
  assert.deepEqual(createCallProofVerifier().verify(makeProof(), expected), {
    ok: true,
    sequence: 7,
    proofId: 'proof-1',
    nonce,
    issuedAt: 1_800_000_000_000,
  })
})

test('the agent signs no number that no engine takes', () => {
  const { tokenText } = expected
  const proof = { tokenText, method: 'POST', url, nonce, issuedAt: now, proofId: 'p' } as const
  for (const sequence of [-1, 0.5, Number.NaN, 2 ** 32 - 2])
    assert.throws(() => signCallProof(holder, { ...proof, sequence }), {
      code: 'PROOF_SEQUENCE_INVALID',
      message: `proof: expected a number from 0 to 4294967293, got ${sequence}`,
    })
  const highest = signCallProof(holder, { ...proof, sequence: 2 ** 32 - 3, message: call })
  assert.ok(createCallProofVerifier().verify(highest, expected).ok)
})

test('what the agent signs is what the engine verifies, with keys of both kinds', () => {
  for (const key of [holder, es256]) {
    const { tokenText } = expected
    const proof = { tokenText, method: 'POST', url, nonce, issuedAt: now, sequence: 3, proofId: 'p' } as const
    const ofCall = signCallProof(key, { ...proof, message: call })
    const ofNone = signCallProof(key, proof)
    const unbound = { ...expected, holder: key.thumbprint }
    const { message: _call, ...plain } = unbound
    const verifier = createCallProofVerifier()
    // Whole seconds are signed.
    const verified = { ok: true, sequence: 3, proofId: 'p', nonce, issuedAt: 1_800_000_000_000 }
    assert.deepEqual(verifier.verify(ofCall, unbound), verified)
    assert.deepEqual(verifier.verify(ofNone, plain), verified)
    assert.deepEqual(verifier.verify(ofCall, unbound), verified)
    for (const message of [{ ...call, restDigest: digestArguments({ task: {} }) }, answer])
      assert.ok(verifier.verify(signCallProof(key, { ...proof, message }), { ...unbound, message }).ok)
  }
})

test('rejects a proof with other arguments', () => {
  const argumentsDigest = digestArguments({ path: '/b' })
  assert.equal(verdict(makeProof(), { message: { ...call, argumentsDigest } }), 'ARGUMENTS_REFUSED')
})

test('rejects a proof of another tool, and of another server', () => {
  assert.equal(verdict(makeProof(), { message: { ...call, tool: 'write_file' } }), 'TOOL_REFUSED')
  assert.equal(verdict(makeProof(), { message: { ...call, server: 'mail' } }), 'SERVER_REFUSED')
})

test('rejects a proof of a call that says something else beside its arguments', () => {
  const restDigest = digestArguments({ inputResponses: { sure: { action: 'accept' } } })
  assert.equal(verdict(makeProof(), { message: { ...call, restDigest } }), 'REST_REFUSED')
  const proof = makeProof({ ...claims, mcp: { ...claims.mcp, rest_s256: restDigest } })
  assert.equal(verdict(proof, { message: { ...call, restDigest } }), 'accepted')
  assert.equal(verdict(proof), 'REST_REFUSED')
  const other = digestArguments({ inputResponses: { sure: { action: 'decline' } } })
  assert.equal(verdict(proof, { message: { ...call, restDigest: other } }), 'REST_REFUSED')
})

test('rejects a proof of another message, of another answer, and of none', () => {
  const proof = makeProof({ ...claims, mcp: ofAnswer })
  assert.equal(verdict(proof, { message: answer }), 'accepted')
  const declined = { ...answer, contentDigest: digestArguments({ id: 1, result: { action: 'decline' } }) }
  assert.equal(verdict(proof, { message: declined }), 'CONTENT_REFUSED')
  assert.equal(verdict(proof, { message: { ...answer, method: 'ping' } }), 'MESSAGE_REFUSED')
  assert.equal(verdict(makeProof(without('mcp')), { message: answer }), 'MESSAGE_REFUSED')
  const { message: _call, ...plain } = expected
  assert.deepEqual(createCallProofVerifier().verify(proof, plain), { ok: false, reason: 'MESSAGE_REFUSED' })
})

test('rejects a proof of no call for a call, and a proof of a call for anything else', () => {
  assert.equal(verdict(makeProof(without('mcp'))), 'CALL_UNPROVEN')
  assert.equal(verdict(makeProof({ ...claims, mcp: ofAnswer })), 'CALL_UNPROVEN')
  assert.equal(verdict(makeProof(), { message: answer }), 'CALL_UNEXPECTED')
  const { message: _call, ...plain } = expected
  const result = createCallProofVerifier().verify(makeProof(), plain)
  assert.deepEqual(result, { ok: false, reason: 'CALL_UNEXPECTED' })
})

test('rejects a proof made for another token', () => {
  assert.equal(verdict(makeProof(), { tokenText: 'header.claims.other' }), 'TOKEN_REFUSED')
})

test('rejects a proof by a key that the token does not name: a stolen token', () => {
  assert.equal(verdict(makeProof(claims, headerOf(stranger), stranger)), 'HOLDER_REFUSED')
  assert.equal(verdict(makeProof(claims, headerOf(holder), stranger)), 'SIGNATURE_WRONG')
})

test('rejects a proof for another method, another URL, and another spelling of the URL', () => {
  assert.equal(verdict(makeProof(), { method: 'GET' }), 'METHOD_REFUSED')
  for (const htu of [
    'https://cordon.example/mcp/mail',
    `${url}/`,
    `${url}?a=1`,
    url.toUpperCase(),
    'http://cordon.example/mcp/files',
  ])
    assert.equal(verdict(makeProof({ ...claims, htu })), 'URL_REFUSED', htu)
})

test('rejects a clock that is off by more than 60 s, either way', () => {
  assert.equal(verdict(makeProof(), { now: iat * 1000 + 60_000 }), 'accepted')
  assert.equal(verdict(makeProof(), { now: iat * 1000 + 60_001 }), 'ISSUED_TOO_EARLY')
  assert.equal(verdict(makeProof(), { now: iat * 1000 - 60_000 }), 'accepted')
  assert.equal(verdict(makeProof(), { now: iat * 1000 - 60_001 }), 'ISSUED_IN_FUTURE')
})

test('rejects a nonce that another engine gave, and asks for one only where the signature is right', () => {
  assert.equal(verdict(makeProof({ ...claims, nonce: 'of another' })), 'NONCE_REFUSED')
  assert.equal(verdict(makeProof({ ...claims, nonce: '' })), 'NONCE_REFUSED')
  assert.equal(
    verdict(makeProof({ ...claims, nonce: 'of another' }, headerOf(holder), stranger)),
    'SIGNATURE_WRONG',
  )
})

test('rejects alg none, HS256 with the public key as the secret, and an alg that is not of the key', () => {
  const header = headerOf(holder)
  for (const alg of ['none', 'HS256', 'RS256', 'eddsa', 'Ed25519', undefined])
    assert.equal(verdict(makeProof(claims, { ...header, alg })), 'ALGORITHM_REFUSED', alg)
  assert.equal(verdict(makeProof(claims, { ...header, alg: 'ES256' })), 'ALGORITHM_REFUSED')
  assert.equal(
    verdict(makeProof(claims, { ...headerOf(es256), alg: 'EdDSA' }, es256), { holder: es256.thumbprint }),
    'ALGORITHM_REFUSED',
  )
  const mac = {
    ...holder,
    sign: (bytes: Buffer) => createHmac('sha256', holder.publicJwk.x).update(bytes).digest(),
  }
  assert.equal(verdict(makeProof(claims, { ...header, alg: 'HS256' }, mac)), 'ALGORITHM_REFUSED')
  assert.equal(verdict(makeProof(claims, header, mac)), 'SIGNATURE_WRONG')
})

test('rejects typ values swapped: a token shown as its own proof', () => {
  for (const typ of [
    'at+jwt',
    'JWT',
    'cordon-call+jwt',
    'oauth-client-attestation+jwt',
    'DPoP+JWT',
    undefined,
  ])
    assert.equal(verdict(makeProof(claims, { ...headerOf(holder), typ })), 'TYPE_REFUSED', typ)
})

test('rejects every other header parameter: kid, jku, x5c, crit, b64', () => {
  for (const injected of [
    { kid: 'k' },
    { jku: 'https://attacker.example/jwks.json' },
    { x5c: ['MIIB'] },
    { crit: ['exp'] },
    { b64: false },
  ])
    assert.equal(verdict(makeProof(claims, { ...headerOf(holder), ...injected })), 'HEADER_PARAMETER_REFUSED')
})

test('rejects a key with any member too many, a private one first of all', () => {
  const { publicJwk } = holder
  for (const jwk of [
    { ...publicJwk, d: 'secret' },
    { ...publicJwk, kid: 'k' },
    { ...publicJwk, y: publicJwk.x },
    { ...publicJwk, y: undefined, use: 'sig' },
    { kty: 'OKP', crv: 'X25519', x: publicJwk.x },
    { kty: 'OKP', crv: 'Ed448', x: publicJwk.x },
    { kty: 'OKP', crv: 'Ed25519', x: publicJwk.x.slice(1) },
    { kty: 'OKP', crv: 'Ed25519', x: `${publicJwk.x}=` },
    { kty: 'oct', k: 'c2VjcmV0' },
    [publicJwk],
    'key',
    null,
    undefined,
  ])
    assert.equal(
      verdict(makeProof(claims, { ...headerOf(holder), jwk })),
      'KEY_MALFORMED',
      JSON.stringify(jwk),
    )
  const point = es256.publicJwk as { x: string; y: string }
  for (const jwk of [
    { kty: 'EC', crv: 'P-256', x: point.x, y: point.x },
    { kty: 'EC', crv: 'P-256', x: point.x },
    { kty: 'EC', crv: 'P-384', x: point.x, y: point.y },
    { kty: 'EC', crv: 'P-256', x: `AA${point.x}`, y: point.y },
  ])
    assert.equal(
      verdict(makeProof(claims, { ...headerOf(es256), jwk }, es256)),
      'KEY_MALFORMED',
      JSON.stringify(jwk),
    )
})

test('rejects a proof without any claim that is required, and with one that nobody defined', () => {
  for (const name of Object.keys(claims) as (keyof typeof claims)[])
    if (name !== 'mcp') assert.equal(verdict(makeProof(without(name))), 'CLAIMS_MALFORMED', name)
  for (const name of Object.keys(claims.mcp))
    assert.equal(
      verdict(makeProof({ ...claims, mcp: { ...claims.mcp, [name]: undefined } })),
      'CLAIMS_MALFORMED',
      name,
    )
  for (const change of [
    { exp: iat + 1000 },
    { mcp: { ...claims.mcp, approved: true } },
    { mcp: null },
    { mcp: [claims.mcp] },
    { iat: String(iat) },
    { iat: iat + 0.5 },
    { seq: -1 },
    { seq: 2 ** 53 },
    { seq: '7' },
    { jti: '' },
    { jti: 'x'.repeat(257) },
    { nonce: 'x'.repeat(257) },
    { htm: ['POST'] },
  ])
    assert.equal(verdict(makeProof({ ...claims, ...change })), 'CLAIMS_MALFORMED', JSON.stringify(change))
})

test('rejects duplicate JSON keys in claims and header', () => {
  const encode = (text: string): string => Buffer.from(text).toString('base64url')
  const signed = (header: string, payload: string): string => {
    const text = `${encode(header)}.${encode(payload)}`
    return `${text}.${holder.sign(Buffer.from(text)).toString('base64url')}`
  }
  const header = JSON.stringify(headerOf(holder))
  const payload = JSON.stringify(claims)
  assert.equal(verdict(signed(header, payload)), 'accepted')
  assert.equal(
    verdict(signed(header, payload.replace('"tool":', '"tool":"drop","tool":'))),
    'CLAIMS_MALFORMED',
  )
  assert.equal(verdict(signed(header, payload.replace('"seq":7', '"seq":8,"seq":7'))), 'CLAIMS_MALFORMED')
  assert.equal(verdict(signed(header.replace('"alg":', '"alg":"none","alg":'), payload)), 'NOT_A_COMPACT_JWS')
})

test('rejects a second spelling of the same bytes', () => {
  const proof = makeProof()
  for (const other of [
    `${proof}=`,
    ` ${proof}`,
    `${proof}\n`,
    `${proof}.`,
    proof.replace('.', '..'),
    'a.b',
    '.',
  ])
    assert.equal(verdict(other), 'NOT_A_COMPACT_JWS', JSON.stringify(other))
})

test('rejects the empty and the oversized before reading them', () => {
  assert.equal(verdict(''), 'PROOF_ABSENT')
  assert.equal(verdict('a'.repeat(4097)), 'PROOF_TOO_LARGE')
})

test('a header that is known proves no other session', () => {
  const verifier = createCallProofVerifier({ cacheSize: 1 })
  assert.ok(verifier.verify(makeProof(), expected).ok)
  for (const change of [{ holder: stranger.thumbprint }, { tokenText: 'other' }])
    assert.equal(verifier.verify(makeProof(), { ...expected, ...change }).ok, false)
  const forged = makeProof(claims, headerOf(holder), stranger)
  assert.deepEqual(verifier.verify(forged, expected), { ok: false, reason: 'SIGNATURE_WRONG' })
})

test('a cache of one entry verifies proofs of any number of keys', () => {
  const verifier = createCallProofVerifier({ cacheSize: 1 })
  for (const key of [holder, es256, holder, stranger, es256])
    assert.ok(
      verifier.verify(makeProof(claims, headerOf(key), key), { ...expected, holder: key.thumbprint }).ok,
    )
})

test('rejects the second signature that anybody can compute from one of ES256', () => {
  const proof = makeProof(claims, headerOf(es256), es256)
  const signature = Buffer.from(proof.slice(proof.lastIndexOf('.') + 1), 'base64url')
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')
  const twin = (order - BigInt(`0x${signature.toString('hex', 32)}`)).toString(16).padStart(64, '0')
  const other = { ...es256, sign: () => Buffer.concat([signature.subarray(0, 32), Buffer.from(twin, 'hex')]) }
  const change = { holder: es256.thumbprint }
  assert.equal(verdict(proof, change), 'accepted')
  assert.equal(verdict(makeProof(claims, headerOf(es256), other), change), 'SIGNATURE_NOT_CANONICAL')
})
