import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkIdToken } from './id-token.ts'

const now = 1_796_000_000_000
const claims = {
  iss: 'https://id.example',
  aud: 'cordon-connect',
  exp: now / 1000 + 60,
  nonce: 'n-1',
  sub: 'alice',
}
const tokenOf = (payload: unknown): string =>
  ['{}', JSON.stringify(payload), 's'].map(part => Buffer.from(part).toString('base64url')).join('.')
const expected = { issuer: 'https://id.example', clientId: 'cordon-connect', nonce: 'n-1', now }

test('takes the token of this log-in, with its end', () => {
  const idToken = tokenOf(claims)
  assert.deepEqual(checkIdToken(idToken, expected), { idToken, expiresAt: now + 60_000 })
})

const attacks: readonly (readonly [what: string, payload: unknown, message: RegExp])[] = [
  ['the token of another log-in', { ...claims, nonce: 'n-2' }, /got one of another log-in/],
  ['a token without nonce', { ...claims, nonce: undefined }, /got one of another log-in/],
  ['a token of another issuer', { ...claims, iss: 'https://evil.example' }, /got one of another issuer/],
  ['a token for another program', { ...claims, aud: 'other' }, /got one for another audience/],
  [
    'a token for others as well',
    { ...claims, aud: ['cordon-connect', 'other'] },
    /got one for another audience/,
  ],
  ['an expired token', { ...claims, exp: now / 1000 }, /got one that has expired/],
  ['what is no token', 'text', /expected an ID token, got another text/],
]

for (const [what, payload, message] of attacks)
  test(`rejects ${what}, and repeats nothing of it`, () =>
    assert.throws(
      () => checkIdToken(tokenOf(payload), expected),
      (error: Error & { code: string }) => {
        assert.equal(error.code, 'LOG_IN_REFUSED')
        assert.match(error.message, message)
        return !error.message.includes('evil')
      },
    ))
