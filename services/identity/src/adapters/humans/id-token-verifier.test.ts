import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'

import type { IdentityProvider } from '@cordon/policy'
import { CompactSign, type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'

import { humanOf } from '../../core/humans/human-of.ts'
import { judgeIdToken } from '../../core/humans/judge-id-token.ts'
import { createIdTokenVerifier } from './id-token-verifier.ts'
import { createProviderKeys } from './provider-keys.ts'

const issuer = 'https://login.example'
const now = 1_800_000_000_000
const rsa = await generateKeyPair('RS256', { extractable: true })
const other = await generateKeyPair('RS256', { extractable: true })
const ec = await generateKeyPair('ES256', { extractable: true })

const provider: IdentityProvider = {
  audiences: ['cordon'],
  jwks: {
    keys: [
      { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256', use: 'sig' },
      { ...(await exportJWK(ec.publicKey)), kid: 'ec', use: 'sig' },
    ],
  },
  algorithms: ['RS256'],
  roles: [{ claim: 'groups', value: 'analysts', role: 'analyst' }],
  entitlements: [],
  clearances: [],
}

const sign = async (
  over: object = {},
  header: { alg?: string; kid?: string; [name: string]: unknown } = {},
  key: CryptoKey | Uint8Array = rsa.privateKey,
): Promise<string> =>
  new SignJWT({ iss: issuer, sub: 'alice', aud: 'cordon', groups: ['analysts'], ...over })
    .setIssuedAt(now / 1000)
    .setExpirationTime(now / 1000 + 300)
    .setProtectedHeader({ alg: 'RS256', kid: 'rsa', ...header })
    .sign(key)

const verify = async (token: string, at: IdentityProvider = provider, keys = createProviderKeys()) => {
  const verifier = createIdTokenVerifier({
    keys,
    clock: { now: () => now },
    rules: { judgeIdToken, humanOf },
  })
  const outcome = await verifier.verify(token, { [issuer]: at })
  return outcome.ok ? outcome.human.human : outcome.fault
}

test('tells who signed in', async () => {
  assert.equal(await verify(await sign()), 'alice')
})

test('rejects algorithm confusion: none, HS256 with the public key, an algorithm that the bundle does not allow', async () => {
  const [, payload] = (await sign()).split('.')
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  assert.equal(await verify(`${none}.${payload}.`), 'ID_TOKEN_FORGED')
  const publicKey = Buffer.from(JSON.stringify(provider.jwks?.keys[0]))
  assert.equal(await verify(await sign({}, { alg: 'HS256' }, publicKey)), 'ID_TOKEN_FORGED')
  assert.equal(await verify(await sign({}, { alg: 'ES256', kid: 'ec' }, ec.privateKey)), 'ID_TOKEN_FORGED')
  assert.equal(await verify(await sign({}, { alg: 'PS256' }, await psKey())), 'ID_TOKEN_FORGED')
})

const psKey = async (): Promise<CryptoKey> => (await generateKeyPair('PS256')).privateKey

test('rejects a key that the token brings along (jwk, jku, x5u) or names (kid)', async () => {
  const jwk = await exportJWK(other.publicKey)
  for (const header of [
    { jwk },
    { jku: 'http://127.0.0.1:1/keys' },
    { x5u: 'http://127.0.0.1:1' },
    { kid: 'unknown' },
  ])
    assert.equal(await verify(await sign({}, header, other.privateKey)), 'ID_TOKEN_FORGED')
})

test('rejects critical headers that nobody understands', async () => {
  const [, payload, signature] = (await sign()).split('.')
  const header = Buffer.from('{"alg":"RS256","kid":"rsa","crit":["exp"],"exp":1}').toString('base64url')
  assert.equal(await verify(`${header}.${payload}.${signature}`), 'ID_TOKEN_FORGED')
})

test('rejects a token with one bit changed, wherever it is', async () => {
  const token = await sign()
  for (let at = 0; at < token.length; at += 7) {
    const changed = token[at] === 'A' ? 'B' : 'A'
    if (token[at] === '.') continue
    assert.notEqual(
      await verify(`${token.slice(0, at)}${changed}${token.slice(at + 1)}`),
      'alice',
      `at ${at}`,
    )
  }
})

test('rejects claims that say a name twice, which readers read differently', async () => {
  const text = `{"iss":"${issuer}","sub":"mallory","sub":"alice","aud":"cordon","groups":["analysts"],"iat":${now / 1000},"exp":${now / 1000 + 9}}`
  const token = await new CompactSign(Buffer.from(text))
    .setProtectedHeader({ alg: 'RS256', kid: 'rsa' })
    .sign(rsa.privateKey)
  assert.equal(await verify(token), 'ID_TOKEN_MALFORMED')
})

test('rejects an issuer that nobody named, also one with the name of a method', async () => {
  for (const iss of ['https://other.example', 'constructor', '__proto__', 7, undefined])
    assert.equal(await verify(await sign({ iss })), 'ID_TOKEN_ISSUER_UNKNOWN')
})

test('rejects text that is no token, and tokens too long to be one', async () => {
  for (const text of ['', 'a.b', 'a.b.c.d', '..', 'é.é.é', `${'a'.repeat(40_000)}.b.c`])
    assert.equal(await verify(text), 'ID_TOKEN_MALFORMED')
  assert.equal(await verify(await sign({ more: 'x'.repeat(40_000) })), 'ID_TOKEN_MALFORMED')
})

test('rejects a human without a role', async () => {
  assert.equal(await verify(await sign({ groups: ['visitors'] })), 'ID_TOKEN_ROLE_MISSING')
})

test('keys of a provider in this process are asked anew each time', async () => {
  let keys: { readonly keys: readonly object[] } = { keys: [] }
  const own = createProviderKeys({ [issuer]: () => keys })
  assert.equal(await verify(await sign(), provider, own), 'ID_TOKEN_FORGED')
  keys = { keys: provider.jwks?.keys ?? [] }
  assert.equal(await verify(await sign(), provider, own), 'alice')
})

test('fetched keys are kept, and made-up key ids do not fetch them again and again', async t => {
  let fetches = 0
  const server = createServer((_request, response) => {
    fetches += 1
    response.end(JSON.stringify(provider.jwks))
  })
  server.listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { jwks: _, ...rest } = provider
  const at = { ...rest, jwksUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks` }
  const keys = createProviderKeys()
  for (let count = 0; count < 3; count += 1) assert.equal(await verify(await sign(), at, keys), 'alice')
  for (let count = 0; count < 20; count += 1)
    assert.equal(await verify(await sign({}, { kid: `made-up-${count}` }), at, keys), 'ID_TOKEN_FORGED')
  assert.equal(fetches, 1)
})

/**
 * @fault an OpenID provider's key set cannot be had
 * @behaviour its humans cannot open sessions until it answers; sessions that are open go on
 * @counter none: identity counts the exchange that it refuses for that, as `cordon_identity_requests_refused_total{code="PROVIDER_UNAVAILABLE"}`
 */
test('a provider that does not answer, answers nonsense or endlessly is a fault of its own', async () => {
  const { jwks: _, ...rest } = provider
  const at = { ...rest, jwksUri: 'https://login.example/jwks' }
  const answers: readonly (typeof fetch)[] = [
    async () => Promise.reject(new TypeError('fetch failed')),
    async () => new Response('<html>', { status: 200 }),
    async () => new Response('{}', { status: 500 }),
    async () => new Response('x'.repeat(70_000)),
  ]
  for (const answer of answers)
    assert.equal(await verify(await sign(), at, createProviderKeys({}, answer)), 'ID_TOKEN_KEYS_UNAVAILABLE')
})

test('rejects a key set that anybody on the way could change', async () => {
  const { jwks: _, ...rest } = provider
  let fetched = false
  const keys = createProviderKeys({}, async () => {
    fetched = true
    return new Response(JSON.stringify(provider.jwks))
  })
  const at = { ...rest, jwksUri: 'http://login.example/jwks' }
  assert.equal(await verify(await sign(), at, keys), 'ID_TOKEN_KEYS_UNAVAILABLE')
  assert.equal(fetched, false)
})
