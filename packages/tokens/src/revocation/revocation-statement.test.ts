import assert from 'node:assert/strict'
import { before, test } from 'node:test'

import { type KeySet, parseKeySet } from '../key-set.ts'
import { generateSigningKeyPem, openSigningKey, type SigningKey } from '../signing-key.ts'
import { type RevocationStatement, signRevocation, verifyRevocation } from './revocation-statement.ts'

const issuer = 'https://identity.example'
const statement: RevocationStatement = {
  scope: 'agent:agent-7',
  active: true,
  version: 3,
  issuedAt: 1_800_000_000_000,
  by: 'operator',
  reason: 'its prompt was replaced',
}

let key: SigningKey
let stranger: SigningKey
let keys: KeySet

before(async () => {
  key = await openSigningKey(generateSigningKeyPem())
  stranger = await openSigningKey(generateSigningKeyPem())
  keys = parseKeySet({ keys: [key.publicJwk] })
})

const verdict = (text: string) => verifyRevocation(text, { issuer, keys })

test('what identity signed is read as it was meant', () => {
  assert.deepEqual(verdict(signRevocation(key, issuer, statement)), statement)
})

test('rejects a statement of another issuer', () => {
  assert.equal(verdict(signRevocation(key, 'https://attacker.example', statement)), 'forged')
})

test('rejects the signature of a stranger under a key of identity, and does not know their own', () => {
  const impostor = { ...stranger, keyId: key.keyId }
  assert.equal(verdict(signRevocation(impostor, issuer, statement)), 'forged')
  assert.equal(verdict(signRevocation(stranger, issuer, statement)), 'unknown-key')
})

test('rejects a revocation changed into a reinstatement', () => {
  const [header, , signature] = signRevocation(key, issuer, statement).split('.')
  const [, payload] = signRevocation(stranger, issuer, { ...statement, active: false }).split('.')
  assert.equal(verdict(`${header}.${payload}.${signature}`), 'forged')
})

test('rejects other text, and claims that nobody defined', () => {
  for (const text of ['', 'a.b.c', 'x'.repeat(9000)]) assert.equal(verdict(text), 'forged')
  const odd = { ...statement, version: -1 }
  assert.equal(verdict(signRevocation(key, issuer, odd)), 'forged')
})
