import assert from 'node:assert/strict'
import { sign } from 'node:crypto'
import { test } from 'node:test'

import { compactJws } from '../compact-jws.ts'
import { parseKeySet } from '../key-set.ts'
import { generateSigningKeyPem, openSigningKey } from '../signing-key.ts'
import { createStatusList } from './status-list.ts'
import { signStatusList, type StatusListFault, verifyStatusList } from './status-list-token.ts'

const key = await openSigningKey(generateSigningKeyPem())
const stranger = await openSigningKey(generateSigningKeyPem())
const keys = parseKeySet({ keys: [key.publicJwk] })
const expected = { issuer: 'https://identity.example', uri: 'https://identity.example/status/0' }
const now = 1_800_000_000_000

const list = createStatusList(8)
list.set(3, 'suspended')
const text = signStatusList({ ...expected, list, key, now, lifetimeSeconds: 10 })

const verdict = (token: string, at = now): StatusListFault | 'accepted' => {
  const result = verifyStatusList(token, expected, keys, at)
  return typeof result === 'string' ? result : 'accepted'
}

const claims = {
  iss: expected.issuer,
  sub: expected.uri,
  iat: now / 1000,
  exp: now / 1000 + 20,
  ttl: 10,
  status_list: { bits: 2, lst: list.encode() },
}

const forge = (change: object = {}, header: object = {}, privateKey = key.privateKey): string =>
  compactJws(
    { typ: 'statuslist+jwt', alg: 'ES256', kid: key.keyId, ...header },
    { ...claims, ...change },
    bytes => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  )

test('what is signed is what is read', () => {
  const read = verifyStatusList(text, expected, keys, now)
  assert.ok(typeof read !== 'string')
  assert.deepEqual([read.list.get(2), read.list.get(3)], ['valid', 'suspended'])
  assert.deepEqual([read.issuedAt, read.expiresAt, read.lifetimeMs], [now, now + 20_000, 10_000])
  assert.equal(verdict(forge()), 'accepted')
})

test('rejects a stale list: one that expired, or of the future', () => {
  assert.equal(verdict(text, now + 19_999), 'accepted')
  assert.equal(verdict(text, now + 20_000), 'EXPIRED')
  assert.equal(verdict(text, now - 5_001), 'ISSUED_IN_FUTURE')
})

test('rejects a forged list, the list of another address, and the list of another issuer', () => {
  assert.equal(verdict(forge({}, {}, stranger.privateKey)), 'SIGNATURE_WRONG')
  assert.equal(verdict(forge({}, { kid: stranger.keyId }, stranger.privateKey)), 'KEY_UNKNOWN')
  assert.equal(verdict(forge({ sub: 'https://identity.example/status/1' })), 'SUBJECT_REFUSED')
  assert.equal(verdict(forge({ iss: 'https://attacker.example' })), 'ISSUER_REFUSED')
})

test('rejects typ values swapped, other algorithms, a key brought along', () => {
  for (const header of [{ typ: 'at+jwt' }, { typ: undefined }, { jwk: stranger.publicJwk }, { crit: [] }])
    assert.equal(verdict(forge({}, header)), 'NOT_A_STATUS_LIST', JSON.stringify(header))
  for (const alg of ['none', 'EdDSA', 'HS256', undefined])
    assert.equal(verdict(forge({}, { alg })), 'KEY_UNKNOWN', alg)
})

test('rejects a list without an end, of other bits, or that is none', () => {
  for (const change of [
    { exp: undefined },
    { ttl: undefined },
    { ttl: -1 },
    { status_list: { bits: 1, lst: list.encode() } },
    { status_list: undefined },
  ])
    assert.equal(verdict(forge(change)), 'CLAIMS_MALFORMED', JSON.stringify(change))
  assert.equal(verdict(forge({ status_list: { bits: 2, lst: 'AAAA' } })), 'LIST_MALFORMED')
  for (const other of ['', 'a.b', `${text}=`, 'a'.repeat(600_000)])
    assert.equal(verdict(other), 'NOT_A_STATUS_LIST')
})
