import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compactJws } from './compact-jws.ts'
import { parseKeySet } from './key-set.ts'
import { generateHolderKey } from './proof/holder-key.ts'
import { claims, header, issuer, key, keys, makeToken, now, stranger } from './session-token-fixture.ts'
import { createTokenVerifier, type TokenVerification } from './token-verifier.ts'

test('a cached token still expires, keeps its audience, and dies with its key', () => {
  let held = keys
  const verifier = createTokenVerifier({ issuer, keys: () => held })
  const token = makeToken()
  assert.equal(verifier.verify(token, 'files', now).ok, true)
  assert.deepEqual(verifier.verify(token, 'mail', now), { ok: false, reason: 'AUDIENCE_REFUSED' })
  const late = verifier.verify(token, 'files', claims.exp * 1000)
  assert.deepEqual(
    [late.ok, !late.ok && late.reason, !late.ok && late.former?.sessionId],
    [false, 'EXPIRED', claims.sid],
  )
  held = parseKeySet({ keys: [stranger.publicJwk] })
  assert.deepEqual(reasonOf(verifier.verify(token, 'files', now)), 'KEY_UNKNOWN')
})

const reasonOf = (result: TokenVerification): string | undefined => (result.ok ? undefined : result.reason)
const formerOf = (result: TokenVerification): string | undefined =>
  result.ok ? undefined : result.former?.tokenId

test('of a token that verified before its key was withdrawn it is known whose it was, and of no other under that key', () => {
  let held = keys
  const verifier = createTokenVerifier({ issuer, keys: () => held, cacheSize: 2 })
  const token = makeToken({ ...claims, jti: 'before' })
  assert.ok(verifier.verify(token, 'files', now).ok)
  held = parseKeySet({ keys: [stranger.publicJwk] })
  // Whatever it was good for, it is that no more.
  for (const at of [now, claims.exp * 1000]) {
    const withdrawn = verifier.verify(token, 'files', at)
    assert.deepEqual([reasonOf(withdrawn), formerOf(withdrawn)], ['KEY_UNKNOWN', 'before'])
  }
  assert.deepEqual(verifier.verify(token, 'mail', now), { ok: false, reason: 'AUDIENCE_REFUSED' })
  const never = makeToken({ ...claims, jti: 'never shown' })
  assert.deepEqual(verifier.verify(never, 'files', now), { ok: false, reason: 'KEY_UNKNOWN' })
  // Another that says so of itself, but is not the one that verified.
  const changed = token.slice(0, -4) + (token.endsWith('AAAA') ? 'BBBB' : 'AAAA')
  assert.deepEqual(verifier.verify(changed, 'files', now), { ok: false, reason: 'KEY_UNKNOWN' })

  const ofStranger = (jti: string): string =>
    makeToken({ ...claims, jti }, { ...header, kid: stranger.keyId }, stranger.privateKey)
  for (const jti of ['1', '2', '3']) {
    assert.ok(verifier.verify(ofStranger(jti), 'files', now).ok)
    assert.equal(
      formerOf(verifier.verify(token, 'files', now)),
      'before',
      'expected what is asked about to stay',
    )
  }
  for (const jti of ['4', '5']) assert.ok(verifier.verify(ofStranger(jti), 'files', now).ok)
  assert.equal(formerOf(verifier.verify(token, 'files', now)), undefined, 'expected room for two')
})

test('while one key replaces another, tokens of both verify; each token under its own kid only', () => {
  const both = parseKeySet({ keys: [key.publicJwk, stranger.publicJwk] })
  const verifier = createTokenVerifier({ issuer, keys: () => both })
  const ofStranger = { ...header, kid: stranger.keyId }
  assert.ok(verifier.verify(makeToken(), 'files', now).ok)
  assert.ok(verifier.verify(makeToken(claims, ofStranger, stranger.privateKey), 'files', now).ok)
  assert.deepEqual(verifier.verify(makeToken(claims, ofStranger), 'files', now), {
    ok: false,
    reason: 'SIGNATURE_WRONG',
  })
})

test('rejects a session token under a key of another algorithm', () => {
  const other = generateHolderKey()
  const ed25519 = parseKeySet({ keys: [{ ...other.publicJwk, kid: 'k', alg: 'EdDSA', use: 'sig' }] })
  const verifier = createTokenVerifier({ issuer, keys: () => ed25519 })
  for (const alg of ['ES256', 'EdDSA'])
    assert.deepEqual(
      verifier.verify(
        compactJws({ typ: 'at+jwt', alg, kid: 'k' }, claims, bytes => other.sign(bytes)),
        'files',
        now,
      ),
      { ok: false, reason: 'ALGORITHM_REFUSED' },
    )
})

test('after a revocation every token is verified anew', () => {
  let epoch = 0
  let asked = 0
  const counting = new Map(
    [...keys].map(([kid, trusted]) => [
      kid,
      {
        algorithm: trusted.algorithm,
        verifies: (message: Buffer, signature: Buffer) => {
          asked += 1
          return trusted.verifies(message, signature)
        },
      },
    ]),
  )
  const verifier = createTokenVerifier({ issuer, keys: () => counting, epoch: () => epoch })
  const token = makeToken()
  for (const _use of [1, 2]) assert.ok(verifier.verify(token, 'files', now).ok)
  assert.equal(asked, 1)
  epoch = 1
  for (const _use of [1, 2]) assert.ok(verifier.verify(token, 'files', now).ok)
  assert.equal(asked, 2)
})

test('a cache of one entry verifies any number of tokens', () => {
  const verifier = createTokenVerifier({ issuer, keys: () => keys, cacheSize: 1 })
  for (const jti of ['a', 'b', 'a', 'b']) {
    const result = verifier.verify(makeToken({ ...claims, jti }), 'files', now)
    assert.equal(result.ok && result.token.tokenId, jti)
  }
})
