import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'

import { compactJws } from '../compact-jws.ts'
import { parseKeySet } from '../key-set.ts'
import { generateSigningKeyPem, openSigningKey } from '../signing-key.ts'
import type { DownstreamFault } from './downstream-fault.ts'
import {
  claims,
  header,
  iat,
  issuer,
  key,
  keys,
  makeToken,
  now,
  request,
  stranger,
} from './downstream-fixture.ts'
import { createDownstreamVerifier } from './downstream-verifier.ts'
import type { McpCall } from './mcp-call.ts'

const verdict = (
  token: string,
  change: { server?: string; at?: number; request?: McpCall } = {},
): DownstreamFault | 'accepted' => {
  const verifier = createDownstreamVerifier({ server: change.server ?? 'files', issuer })
  const result = verifier.verify(token, change.request ?? request, keys, change.at ?? now)
  return result.ok ? 'accepted' : result.reason
}

test('accepts the well-formed token that every attack below starts from, and says who calls', () => {
  const verifier = createDownstreamVerifier({ server: 'files', issuer })
  assert.deepEqual(verifier.verify(makeToken(), request, keys, now), {
    ok: true,
    caller: {
      human: 'alice',
      actor: { agentId: 'agent-7', instance: 'run-1', platform: 'desk', model: 'model-1' },
      sessionId: claims.sid,
      transactionId: 'work-1',
      requestId: 'invocation-1',
      issuedAt: iat * 1000,
      expiresAt: (iat + 60) * 1000,
      status: { uri: 'https://identity.example/status/0', index: 7 },
    },
  })
})

test('rejects a downstream token at another server', () => {
  assert.equal(verdict(makeToken(), { server: 'mail' }), 'AUDIENCE_REFUSED')
  for (const aud of [['urn:cordon:server:files'], ['urn:cordon:server:files', 'urn:cordon:server:mail']])
    assert.equal(verdict(makeToken({ ...claims, aud })), 'CLAIMS_MALFORMED')
})

test('rejects other arguments, another tool, another method, and a call with the token of none', () => {
  const change = (other: Partial<McpCall>): { request: McpCall } => ({ request: { ...request, ...other } })
  assert.equal(verdict(makeToken(), change({ arguments: { path: '/b' } })), 'ARGUMENTS_REFUSED')
  assert.equal(verdict(makeToken(), change({ arguments: { path: Number.NaN } })), 'ARGUMENTS_REFUSED')
  assert.equal(verdict(makeToken(), change({ tool: 'write_file' })), 'TOOL_REFUSED')
  assert.equal(verdict(makeToken(), change({ method: 'tools/list' })), 'METHOD_REFUSED')
  const ofNone = makeToken({ ...claims, mcp: { method: 'tools/call' } })
  assert.equal(verdict(ofNone), 'TOOL_REFUSED')
  assert.equal(verdict(makeToken(), { request: { method: 'tools/call' } }), 'TOOL_REFUSED')
})

test('rejects what a call says beside its arguments, where the engine let something else pass', () => {
  const rest = { inputResponses: { sure: { action: 'accept' } }, requestState: 's' }
  const retried = { ...request, rest }
  assert.equal(verdict(makeToken(), { request: retried }), 'REST_REFUSED')
  // printf '%s' '{"inputResponses":{"sure":{"action":"accept"}},"requestState":"s"}' | openssl dgst -sha256 -binary | basenc --base64url
  const ofRetry = makeToken({
    ...claims,
    mcp: { ...claims.mcp, rest_s256: 'mAswUAXQMGpLUw1WtXm5ACKfADc5x-cpweFyVUoySIA' },
  })
  assert.equal(verdict(ofRetry, { request: retried }), 'accepted')
  assert.equal(verdict(ofRetry), 'REST_REFUSED')
  for (const other of [{ ...rest, requestState: 'other' }, { ...rest, task: {} }, { requestState: '\ud800' }])
    assert.equal(verdict(ofRetry, { request: { ...request, rest: other } }), 'REST_REFUSED')
})

test('rejects other content of a message that calls nothing, and one whose token says nothing of it', () => {
  const content = { id: 1, result: { action: 'accept' } }
  const answer = { method: 'answer', content }
  // printf '%s' '{"id":1,"result":{"action":"accept"}}' | openssl dgst -sha256 -binary | basenc --base64url
  const ofAnswer = makeToken({
    ...claims,
    mcp: { method: 'answer', content_s256: 'k6fYitYBhLbsqUwnBOaoBOAwynX5_jAEveXPAF0-Pw4' },
  })
  assert.equal(verdict(ofAnswer, { request: answer }), 'accepted')
  const unsigned = makeToken({ ...claims, mcp: { method: 'answer' } })
  assert.equal(verdict(unsigned, { request: answer }), 'CONTENT_REFUSED')
  for (const other of [{ ...content, id: 2 }, { id: 1, error: {} }, { id: 1, result: '\ud800' }, undefined]) {
    assert.equal(verdict(ofAnswer, { request: { method: 'answer', content: other } }), 'CONTENT_REFUSED')
    if (other !== undefined)
      assert.equal(verdict(unsigned, { request: { method: 'answer', content: other } }), 'CONTENT_REFUSED')
  }
})

test('the same arguments in another spelling are the same', () => {
  const spelt = { ...request, arguments: JSON.parse('{"p\\u0061th" : "\\/a"}') as unknown }
  assert.equal(verdict(makeToken(), { request: spelt }), 'accepted')
})

test('rejects an expired token, one of the future, and one that lives longer than a minute', () => {
  assert.equal(verdict(makeToken(), { at: (iat + 60) * 1000 }), 'EXPIRED')
  assert.equal(verdict(makeToken(), { at: iat * 1000 - 5000 }), 'accepted')
  assert.equal(verdict(makeToken(), { at: iat * 1000 - 5001 }), 'ISSUED_IN_FUTURE')
  assert.equal(verdict(makeToken({ ...claims, exp: iat + 61 })), 'LIFE_TOO_LONG')
})

test('rejects a token of another issuer, and a stranger under our kid or his own', () => {
  assert.equal(verdict(makeToken({ ...claims, iss: 'https://cordon.example' })), 'ISSUER_REFUSED')
  assert.equal(verdict(makeToken(claims, header, stranger)), 'SIGNATURE_WRONG')
  assert.equal(verdict(makeToken(claims, { ...header, kid: stranger.keyId }, stranger)), 'KEY_UNKNOWN')
  for (const kid of ['', '../../dev/null', undefined, null, [key.keyId]])
    assert.equal(verdict(makeToken(claims, { ...header, kid })), 'KEY_UNKNOWN')
})

test('rejects typ values swapped: a session token, a proof, a status list', () => {
  for (const typ of ['at+jwt', 'dpop+jwt', 'statuslist+jwt', 'JWT', 'CORDON-CALL+JWT', undefined])
    assert.equal(verdict(makeToken(claims, { ...header, typ })), 'TYPE_REFUSED', typ)
})

test('rejects alg none and every other, a key brought along, and crit', () => {
  for (const alg of ['none', 'HS256', 'ES256', undefined])
    assert.equal(verdict(makeToken(claims, { ...header, alg })), 'ALGORITHM_REFUSED', alg)
  for (const injected of [{ jwk: stranger.publicJwk }, { jku: 'https://attacker.example' }, { crit: [] }])
    assert.equal(verdict(makeToken(claims, { ...header, ...injected })), 'HEADER_PARAMETER_REFUSED')
})

test("rejects a token by identity's own key, where both keys stand in one set", async () => {
  const identity = await openSigningKey(generateSigningKeyPem())
  const both = parseKeySet({ keys: [key.publicJwk, identity.publicJwk] })
  const forged = compactJws({ ...header, kid: identity.keyId }, claims, bytes =>
    sign('sha256', bytes, { key: identity.privateKey, dsaEncoding: 'ieee-p1363' }),
  )
  const verifier = createDownstreamVerifier({ server: 'files', issuer })
  assert.deepEqual(verifier.verify(forged, request, both, now), { ok: false, reason: 'ALGORITHM_REFUSED' })
})

test('rejects a token without any claim but act, and with one that nobody defined', () => {
  for (const name of Object.keys(claims)) {
    if (name === 'act') continue
    const less = Object.fromEntries(Object.entries(claims).filter(([other]) => other !== name))
    assert.equal(verdict(makeToken(less)), 'CLAIMS_MALFORMED', name)
  }
  for (const change of [
    { scope: 'tool:files/*' },
    { mcp: { ...claims.mcp, approved: true } },
    { mcp: { method: 'tools/call', tool: 'read_file' } },
    { mcp: { ...claims.mcp, content_s256: claims.mcp.args_s256 } },
    { mcp: { method: 'answer', rest_s256: claims.mcp.args_s256 } },
    { act: { ...claims.act, admin: true } },
  ])
    assert.equal(verdict(makeToken({ ...claims, ...change })), 'CLAIMS_MALFORMED', JSON.stringify(change))
})

test('rejects duplicate JSON keys, a second spelling, the empty and the oversized', () => {
  const text = JSON.stringify(claims).replace('"sub":"alice"', '"sub":"mallory","sub":"alice"')
  const signed = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${Buffer.from(text).toString('base64url')}`
  assert.equal(
    verdict(`${signed}.${key.sign(Buffer.from(signed)).toString('base64url')}`),
    'CLAIMS_MALFORMED',
  )
  for (const other of [`${makeToken()}=`, ` ${makeToken()}`, 'a.b'])
    assert.equal(verdict(other), 'NOT_A_COMPACT_JWS')
  assert.equal(verdict(''), 'TOKEN_ABSENT')
  assert.equal(verdict('a'.repeat(9000)), 'TOKEN_TOO_LARGE')
})

test('rejects a signature of ECDSA under an Ed25519 kid', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const forged = compactJws(header, claims, bytes =>
    sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  )
  assert.equal(verdict(forged), 'SIGNATURE_WRONG')
})
