import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseProviderMetadata } from './provider-metadata.ts'

const issuer = 'https://id.example/oidc'
const document = {
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  device_authorization_endpoint: `${issuer}/device/auth`,
}

test('reads what a log-in needs', () =>
  assert.deepEqual(parseProviderMetadata(issuer, document), {
    authorizationEndpoint: `${issuer}/auth`,
    tokenEndpoint: `${issuer}/token`,
    deviceEndpoint: `${issuer}/device/auth`,
  }))

const attacks: readonly (readonly [what: string, value: unknown])[] = [
  ['the document of another issuer', { ...document, issuer: 'https://evil.example' }],
  ['a token endpoint in the open', { ...document, token_endpoint: 'http://id.example/token' }],
  [
    'an endpoint whose name begins like this machine',
    { ...document, token_endpoint: 'http://127.0.0.1.evil.example/' },
  ],
  ['an endpoint that is a program', { ...document, authorization_endpoint: 'javascript:alert(1)' }],
  ['what is no document', 'text'],
]

for (const [what, value] of attacks)
  test(`rejects ${what}`, () =>
    assert.throws(() => parseProviderMetadata(issuer, value), { code: 'PROVIDER_ANSWER_MALFORMED' }))
