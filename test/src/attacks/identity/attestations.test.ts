import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'

import { generateVoucherKeyPem, openVoucherKey } from '@cordon/attestation'
import { generateHolderKey } from '@cordon/tokens'

import { openOutside, opens, refuses } from './outside.ts'

// The attacker runs something, and wants a session for it as an agent of this deployment.

const otherCode = createHash('sha256').update('other code').digest('hex')

test('rejects an attestation of other code than a build key vouches for', async context => {
  const { exchange, attestation, key } = await openOutside(context)
  opens(await exchange())
  const actor_token = attestation(key, { code_digest: otherCode })
  refuses(await exchange({ form: { actor_token } }), 'CODE_UNKNOWN')
})

test('rejects a stolen attestation: it is for another key', async context => {
  const { exchange, attestation, key } = await openOutside(context)
  const thief = generateHolderKey()
  refuses(await exchange({ key: thief, form: { actor_token: attestation(key) } }), 'HOLDER_REFUSED')
})

test('rejects an expired attestation', async context => {
  const { exchange, attestation, key, identity } = await openOutside(context)
  const actor_token = attestation(key)
  identity.clock.advance(600_000)
  refuses(await exchange({ form: { actor_token } }), 'ACTOR_REFUSED')
})

test('rejects an attestation of the future', async context => {
  const { exchange, attestation, key, identity } = await openOutside(context)
  const iat = identity.clock.now() / 1000 + 6
  refuses(await exchange({ form: { actor_token: attestation(key, { iat }) } }), 'ACTOR_REFUSED')
})

test('rejects an attestation that lives longer than an hour', async context => {
  const { exchange, attestation, key, identity } = await openOutside(context)
  const exp = identity.clock.now() / 1000 + 3_601
  refuses(await exchange({ form: { actor_token: attestation(key, { exp }) } }), 'ACTOR_REFUSED')
})

test('rejects an unknown attester, under its own kid and under ours', async context => {
  const { exchange, attestation, key } = await openOutside(context)
  const own = openVoucherKey(generateVoucherKeyPem())
  for (const kid of [own.keyId, undefined, 'constructor'])
    refuses(
      await exchange({ form: { actor_token: attestation(key, {}, { ...(kid && { kid }) }, own) } }),
      'ACTOR_REFUSED',
    )
})

test('rejects an attester that vouches for a platform that is not its own', async context => {
  const { exchange, attestation, key, useBundle, attester } = await openOutside(context)
  useBundle({ attesters: { prover: { key: attester.publicJwk, platforms: ['shop'] } } })
  refuses(await exchange({ form: { actor_token: attestation(key) } }), 'ACTOR_REFUSED')
})

test('rejects an agent on another platform than its manifest has', async context => {
  const { exchange, attestation, key } = await openOutside(context)
  refuses(await exchange({ form: { actor_token: attestation(key, { sub: 'shop' }) } }), 'PLATFORM_REFUSED')
})

test('rejects an attester that signs in the name of another', async context => {
  const { exchange, attestation, key, useBundle, attester } = await openOutside(context)
  const other = openVoucherKey(generateVoucherKeyPem())
  useBundle({
    attesters: {
      prover: { key: attester.publicJwk, platforms: ['desk'] },
      other: { key: other.publicJwk, platforms: ['shop'] },
    },
  })
  const actor_token = attestation(key, {}, { kid: other.keyId }, other)
  refuses(await exchange({ form: { actor_token } }), 'ACTOR_REFUSED')
})

test('rejects a self-declared manifest: what an agent says of itself is no part of an attestation', async context => {
  const { exchange, attestation, key } = await openOutside(context)
  for (const declared of [{ manifest: { tools: ['*/*'] } }, { tools: ['mail/send'] }, { manifest_hash: 'm' }])
    refuses(await exchange({ form: { actor_token: attestation(key, declared) } }), 'ACTOR_REFUSED')
})

test('rejects an agent that nobody registered, also one called as the human', async context => {
  const { exchange, attestation, key } = await openOutside(context)
  for (const agent of ['agent-9', 'human', 'constructor', '__proto__'])
    refuses(await exchange({ form: { actor_token: attestation(key, { agent }) } }), 'AGENT_UNKNOWN')
})

test('rejects an attestation for another identity service, or for several', async context => {
  const { exchange, attestation, key } = await openOutside(context)
  for (const aud of ['https://other.example', ['https://identity.example', 'https://other.example']])
    refuses(await exchange({ form: { actor_token: attestation(key, { aud }) } }), 'ACTOR_REFUSED')
})

test('rejects algorithm confusion in an attestation: none, HS256 with the public key, ES256 for EdDSA', async context => {
  const { exchange, attestation, key, attester } = await openOutside(context)
  const secret = JSON.stringify(attester.publicJwk)
  const hmac = { sign: (bytes: Buffer) => createHmac('sha256', secret).update(bytes).digest() }
  refuses(
    await exchange({ form: { actor_token: attestation(key, {}, { alg: 'HS256' }, hmac) } }),
    'ACTOR_REFUSED',
  )
  for (const alg of ['none', 'ES256', 'RS256'])
    refuses(await exchange({ form: { actor_token: attestation(key, {}, { alg }) } }), 'ACTOR_REFUSED')
})

test('rejects a key brought along with an attestation', async context => {
  const { exchange, attestation, key } = await openOutside(context)
  const own = openVoucherKey(generateVoucherKeyPem())
  for (const header of [{ jwk: own.publicJwk }, { jku: 'https://attacker.example/' }, { crit: ['exp'] }])
    for (const signer of [own, undefined])
      refuses(
        await exchange({ form: { actor_token: attestation(key, {}, header, signer) } }),
        'ACTOR_REFUSED',
      )
})

test('rejects typ values swapped: every other kind of token as an attestation', async context => {
  const { exchange, attestation, key, grant, idToken } = await openOutside(context)
  for (const typ of ['cordon-grant+jwt', 'at+jwt', 'JWT', 'dpop+jwt', undefined])
    refuses(await exchange({ form: { actor_token: attestation(key, {}, { typ }) } }), 'ACTOR_REFUSED')
  for (const actor_token of [grant(), idToken(), opens(await exchange()).token])
    refuses(await exchange({ form: { actor_token } }), 'ACTOR_REFUSED')
})

test('rejects an attestation whose key is given away with its private half', async context => {
  const { exchange, attestation, key } = await openOutside(context)
  const actor_token = attestation(key, { cnf: { jwk: { ...key.publicJwk, d: 'AAAA' } } })
  refuses(await exchange({ form: { actor_token } }), 'ACTOR_REFUSED')
})

test('rejects a statement about code that no build key signed', async context => {
  const { exchange, useBundle } = await openOutside(context)
  useBundle({ buildKeys: { build: openVoucherKey(generateVoucherKeyPem()).publicJwk } })
  refuses(await exchange(), 'CODE_UNKNOWN')
})
