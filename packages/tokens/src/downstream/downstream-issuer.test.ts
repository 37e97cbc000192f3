import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { test } from 'node:test'

import { decodeProtectedHeader, jwtVerify } from 'jose'

import { digestArguments } from '../proof/arguments-digest.ts'
import { claims, iat, issuer, key, keys, now, request, session } from './downstream-fixture.ts'
import { createDownstreamIssuer } from './downstream-issuer.ts'
import { openDownstreamKey } from './downstream-key.ts'
import { createDownstreamVerifier } from './downstream-verifier.ts'

const tokens = createDownstreamIssuer({ issuer, key })
const argumentsDigest = digestArguments(request.arguments)
const call = { id: 'invocation-1', method: 'tools/call', tool: 'read_file', argumentsDigest }

test('writes the claims of the protocol and no other, as another implementation reads them', async () => {
  const text = tokens.issue(session, call, now)
  assert.deepEqual(decodeProtectedHeader(text), { typ: 'cordon-call+jwt', alg: 'EdDSA', kid: key.keyId })
  const publicKey = createPublicKey({ key: { ...key.publicJwk }, format: 'jwk' })
  const { payload } = await jwtVerify(text, publicKey, {
    algorithms: ['EdDSA'],
    currentDate: new Date(now),
  })
  assert.deepEqual(payload, claims)
})

test('a token never outlives the session token that it was given for', async () => {
  const text = tokens.issue({ ...session, expiresAt: (iat + 5) * 1000 }, call, now)
  const verifier = createDownstreamVerifier({ server: 'files', issuer })
  assert.ok(verifier.verify(text, request, keys, (iat + 5) * 1000 - 1).ok)
  assert.deepEqual(verifier.verify(text, request, keys, (iat + 5) * 1000), { ok: false, reason: 'EXPIRED' })
})

test('what calls nothing has a token for its method and what it says, and a human who acts without an agent no actor', () => {
  const { actor: _actor, ...direct } = session
  const contentDigest = digestArguments({ cursor: 'c' })
  const text = tokens.issue(direct, { id: 'r', method: 'tools/list', contentDigest }, now)
  const verifier = createDownstreamVerifier({ server: 'files', issuer })
  const result = verifier.verify(text, { method: 'tools/list', content: { cursor: 'c' } }, keys, now)
  assert.ok(result.ok && result.caller.actor === undefined && result.caller.human === 'alice')
  assert.deepEqual(verifier.verify(text, request, keys, now), { ok: false, reason: 'METHOD_REFUSED' })
})

test('a call that says something beside its arguments has a token for that too', () => {
  const rest = { requestState: 's' }
  const text = tokens.issue(session, { ...call, restDigest: digestArguments(rest) }, now)
  const verifier = createDownstreamVerifier({ server: 'files', issuer })
  assert.ok(verifier.verify(text, { ...request, rest }, keys, now).ok)
  assert.deepEqual(verifier.verify(text, request, keys, now), { ok: false, reason: 'REST_REFUSED' })
})

test('refuses a secret of another length', () => {
  assert.throws(() => openDownstreamKey(Buffer.alloc(31)), { code: 'DOWNSTREAM_KEY_INVALID' })
})
