import assert from 'node:assert/strict'
import { createHmac, createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'

import {
  base64url,
  claims,
  header,
  iat,
  issuer,
  key,
  makeToken,
  stranger,
  verdict,
} from './session-token-fixture.ts'

const without = (name: keyof typeof claims): Record<string, unknown> =>
  Object.fromEntries(Object.entries(claims).filter(([other]) => other !== name))

test('accepts the well-formed token that every attack below starts from', () => {
  assert.equal(verdict(makeToken()), 'accepted')
})

test('rejects alg none', () => {
  const unsigned = `${base64url({ ...header, alg: 'none' })}.${base64url(claims)}`
  assert.equal(verdict(`${unsigned}.`), 'NOT_A_COMPACT_JWS')
  assert.equal(verdict(makeToken(claims, { ...header, alg: 'none' })), 'ALGORITHM_REFUSED')
})

test('rejects HS256 with the public key as the secret', () => {
  const signed = `${base64url({ ...header, alg: 'HS256' })}.${base64url(claims)}`
  const pem = createPublicKey(key.privateKey).export({ type: 'spki', format: 'pem' })
  const mac = createHmac('sha256', pem).update(signed).digest('base64url')
  assert.equal(verdict(`${signed}.${mac}`), 'ALGORITHM_REFUSED')
})

test('rejects an unknown crit, and every crit', () => {
  for (const crit of [['exp'], ['b64'], []])
    assert.equal(verdict(makeToken(claims, { ...header, crit })), 'HEADER_PARAMETER_REFUSED')
})

test('rejects a key brought along: jwk, jku, x5u, x5c injection', () => {
  for (const injected of [
    { jwk: stranger.publicJwk },
    { jku: 'https://attacker.example/jwks.json' },
    { x5u: 'https://attacker.example/chain.pem' },
    { x5c: ['MIIB'] },
  ])
    assert.equal(
      verdict(makeToken(claims, { ...header, ...injected }, stranger.privateKey)),
      'HEADER_PARAMETER_REFUSED',
    )
})

test('rejects kid injection: a foreign, absent, listed or path-like kid', () => {
  for (const kid of [stranger.keyId, '', '../../dev/null', "' OR 1=1 --", undefined, null, [key.keyId]])
    assert.equal(verdict(makeToken(claims, { ...header, kid }, stranger.privateKey)), 'KEY_UNKNOWN')
})

test("rejects a stranger's signature under our kid", () => {
  assert.equal(verdict(makeToken(claims, header, stranger.privateKey)), 'SIGNATURE_WRONG')
})

test('rejects typ values swapped: other kinds of token signed with the same key', () => {
  for (const typ of [
    'JWT',
    'dpop+jwt',
    'oauth-client-attestation+jwt',
    'application/at+jwt',
    'AT+JWT',
    undefined,
  ])
    assert.equal(verdict(makeToken(claims, { ...header, typ })), 'TYPE_REFUSED')
})

test('rejects a wrong audience', () => {
  assert.equal(verdict(makeToken(), { server: 'postgres' }), 'AUDIENCE_REFUSED')
  assert.equal(verdict(makeToken({ ...claims, aud: 'https://files.example' })), 'CLAIMS_MALFORMED')
})

test('rejects an aud array, with extra audiences or with the right one only', () => {
  for (const aud of [['urn:cordon:server:files', 'urn:cordon:server:mail'], ['urn:cordon:server:files'], []])
    assert.equal(verdict(makeToken({ ...claims, aud })), 'CLAIMS_MALFORMED')
})

test('rejects a token of another issuer', () => {
  assert.equal(verdict(makeToken({ ...claims, iss: 'https://attacker.example' })), 'ISSUER_REFUSED')
  assert.equal(verdict(makeToken({ ...claims, iss: `${issuer}/` })), 'ISSUER_REFUSED')
})

test('rejects a token changed into a token of another session', () => {
  const [head, , signature] = makeToken().split('.')
  const other = { ...claims, sid: '3.0192f3a0-5b7e-7c1d-8a2b-000000000000' }
  assert.equal(verdict(`${head}.${base64url(other)}.${signature}`), 'SIGNATURE_WRONG')
  assert.equal(verdict(makeToken({ ...claims, sid: 'not-a-session' })), 'CLAIMS_MALFORMED')
})

test('rejects subject and actor swapped', () => {
  const swapped = {
    ...claims,
    sub: claims.act.sub,
    sub_profile: claims.act.sub_profile,
    act: { sub: claims.sub, iss: issuer, sub_profile: claims.sub_profile },
  }
  assert.equal(verdict(makeToken(swapped)), 'CLAIMS_MALFORMED')
})

test('rejects actor laundering: half an actor behind the actor, a foreign namespace, a longer chain', () => {
  const { act } = claims
  const chain = (length: number): object => (length === 1 ? act : { ...act, act: chain(length - 1) })
  assert.equal(verdict(makeToken({ ...claims, act: chain(5) })), 'accepted')
  for (const laundered of [
    { ...act, act: { sub: 'agent-8' } },
    { ...act, iss: 'urn:other:agents' },
    { ...act, sub: 'agent-7' },
    { ...act, sub: 'urn:cordon:agent:agent-7' },
    { ...act, sub: 'urn:cordon:agent:agent-7#1#2' },
    { ...act, sub: 'urn:cordon:agent:human#1' },
    { ...act, on_behalf_of: 'mallory' },
    chain(6),
  ])
    assert.equal(verdict(makeToken({ ...claims, act: laundered })), 'CLAIMS_MALFORMED')
})

test('rejects an agent without its context, and a context without an agent', () => {
  for (const name of ['act', 'agentic_ctx'] as const)
    assert.equal(verdict(makeToken(without(name))), 'CLAIMS_MALFORMED', name)
  const { act: _act, agentic_ctx: _context, ...direct } = claims
  assert.equal(verdict(makeToken(direct)), 'accepted')
})

test('rejects a member that nobody defined in act, agentic_ctx, cnf and status', () => {
  const { agentic_ctx: context, cnf, status } = claims
  for (const change of [
    { agentic_ctx: { ...context, prov: { ...context.prov, trusted: true } } },
    { agentic_ctx: { ...context, approved: true } },
    { cnf: { ...cnf, jwk: {} } },
    { cnf: { jkt: 'short' } },
    { status: { ...status, valid: true } },
    { status: { status_list: { ...status.status_list, idx: -1 } } },
    { status: { status_list: { ...status.status_list, uri: 'file:///etc/passwd' } } },
  ])
    assert.equal(verdict(makeToken({ ...claims, ...change })), 'CLAIMS_MALFORMED', JSON.stringify(change))
})

test('rejects the second signature that anybody can compute from the first', () => {
  const [head, payload, signature = ''] = makeToken().split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')
  const twin = (order - BigInt(`0x${bytes.toString('hex', 32)}`)).toString(16).padStart(64, '0')
  const signed = `${head}.${payload}`
  const other = Buffer.concat([bytes.subarray(0, 32), Buffer.from(twin, 'hex')])
  const publicKey = createPublicKey(key.privateKey)
  assert.ok(verify('sha256', Buffer.from(signed), { key: publicKey, dsaEncoding: 'ieee-p1363' }, other))
  assert.equal(verdict(`${signed}.${other.toString('base64url')}`), 'SIGNATURE_WRONG')
})

test('rejects a token without exp or cnf, and without any other claim that is required', () => {
  for (const name of Object.keys(claims) as (keyof typeof claims)[])
    assert.equal(verdict(makeToken(without(name))), 'CLAIMS_MALFORMED', name)
})

test('rejects times that are no whole seconds, or end before they begin', () => {
  for (const times of [
    { exp: String(claims.exp) },
    { exp: iat + 0.5 },
    { exp: null },
    { iat: -1 },
    { exp: iat },
    { exp: iat - 1 },
  ])
    assert.equal(verdict(makeToken({ ...claims, ...times })), 'CLAIMS_MALFORMED', JSON.stringify(times))
})

test('rejects a life longer than 5 minutes', () => {
  assert.equal(verdict(makeToken({ ...claims, exp: iat + 301 })), 'LIFE_TOO_LONG')
})

test('rejects an expired token, from the second that it names', () => {
  assert.equal(verdict(makeToken(), { at: claims.exp * 1000 - 1 }), 'accepted')
  assert.equal(verdict(makeToken(), { at: claims.exp * 1000 }), 'EXPIRED')
})

test('rejects a future iat beyond the clock skew of 5 s', () => {
  assert.equal(verdict(makeToken(), { at: iat * 1000 - 5000 }), 'accepted')
  assert.equal(verdict(makeToken(), { at: iat * 1000 - 5001 }), 'ISSUED_IN_FUTURE')
})

test('rejects duplicate JSON keys in the claims and in the header', () => {
  const doubled = JSON.stringify(claims).replace('"sub":"alice"', '"sub":"mallory","sub":"alice"')
  assert.equal(verdict(makeToken(doubled)), 'CLAIMS_MALFORMED')
  const doubledHeader = JSON.stringify(header).replace('"alg":"ES256"', '"alg":"none","alg":"ES256"')
  assert.equal(verdict(makeToken(claims, doubledHeader)), 'NOT_A_COMPACT_JWS')
})

test('rejects a second spelling of the same bytes', () => {
  const token = makeToken()
  for (const other of [`${token}=`, ` ${token}`, `${token}\n`, `${token}.`, token.replace('.', '..'), 'a.b'])
    assert.equal(verdict(other), 'NOT_A_COMPACT_JWS', JSON.stringify(other))
})

test('rejects a scope that hides a second grant or none', () => {
  for (const scope of [
    '',
    'tool:',
    'tool:files/',
    'read',
    'tool:files/a  tool:files/b',
    'tool:files/a\nadmin',
  ])
    assert.equal(verdict(makeToken({ ...claims, scope })), 'CLAIMS_MALFORMED', JSON.stringify(scope))
})

test('rejects the empty and the oversized before reading them', () => {
  assert.equal(verdict(''), 'TOKEN_ABSENT')
  assert.equal(verdict('a'.repeat(9000)), 'TOKEN_TOO_LARGE')
})
