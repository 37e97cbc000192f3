import { createHmac, createPublicKey } from 'node:crypto'
import { test } from 'node:test'

import {
  generateDownstreamSecret,
  generateHolderKey,
  generateSigningKeyPem,
  openDownstreamKey,
  openSigningKey,
  type SigningKey,
} from '@cordon/tokens'

import { craft, encoded, es256, repeating, secondSignature, type Signer, withPart } from './crafted.ts'
import { actorOf, claimsAt, type Gateway, openGateway } from './gateway.ts'

// The attacker shows the proxy a session token that identity did not issue for this. Where the signature is identity's, somebody
// got it for something else: the check that is attacked is then the only one in the way.

const newSigningKey = async (): Promise<SigningKey> => openSigningKey(generateSigningKeyPem())

test('rejects alg none', async context => {
  const gateway = await openGateway(context)
  await gateway.accepts()
  const stripped = (alg: string): string =>
    `${encoded({ typ: 'at+jwt', alg, kid: gateway.key.keyId })}.${gateway.token().split('.')[1]}.`
  for (const alg of ['none', 'None', 'NONE', ''])
    for (const token of [stripped(alg), gateway.token({}, { alg })])
      await gateway.rejects({ token }, 'invalid_token')
})

test('rejects HS256 with the public key as the secret', async context => {
  const gateway = await openGateway(context)
  const publicKey = createPublicKey(gateway.key.privateKey)
  const secrets = [
    publicKey.export({ type: 'spki', format: 'pem' }),
    publicKey.export({ type: 'spki', format: 'der' }),
    JSON.stringify(gateway.key.publicJwk),
  ]
  for (const secret of secrets)
    for (const alg of ['HS256', 'ES256']) {
      const signer = { sign: (bytes: Buffer) => createHmac('sha256', secret).update(bytes).digest() }
      const header = { typ: 'at+jwt', alg, kid: gateway.key.keyId }
      const claims = { ...claimsAt(gateway.clock.now()), cnf: { jkt: gateway.holder.thumbprint } }
      await gateway.rejects({ token: craft(header, claims, signer) }, 'invalid_token')
    }
})

test('rejects ES256 and EdDSA swapped, by the key set of an issuer that has both', async context => {
  const gateway = await openGateway(context)
  const other = openDownstreamKey(generateDownstreamSecret())
  gateway.published.keys = [gateway.key.publicJwk, other.publicJwk]
  await gateway.accepts()
  const crossed = (alg: string, kid: string, signer: Signer, jti = 'token-1'): string =>
    craft(
      { typ: 'at+jwt', alg, kid },
      { ...claimsAt(gateway.clock.now()), cnf: { jkt: gateway.holder.thumbprint }, jti },
      signer,
    )
  // One that passes for the lower signature of P-256 as well, so that only the algorithm is wrong.
  const low = (alg: string, turn = 0): string => {
    const token = crossed(alg, other.keyId, other, `token-${turn}`)
    const signature = Buffer.from(token.split('.')[2] ?? '', 'base64url')
    return (signature[32] ?? 0) < 0x7f ? token : low(alg, turn + 1)
  }
  for (const alg of ['ES256', 'EdDSA', 'Ed25519', 'ES384'])
    await gateway.rejects({ token: low(alg) }, 'invalid_token')
  await gateway.rejects({ token: crossed('EdDSA', gateway.key.keyId, es256(gateway.key.privateKey)) })
})

test('rejects an unknown crit', async context => {
  const gateway = await openGateway(context)
  for (const crit of [['b64'], ['exp'], ['https://attacker.example/'], []])
    await gateway.rejects({ token: gateway.token({}, { crit, b64: true }) }, 'invalid_token')
})

test('rejects a key brought along: jwk, jku, x5u and x5c', async context => {
  const gateway = await openGateway(context)
  const own = await newSigningKey()
  const brought = {
    jwk: own.publicJwk,
    jku: 'https://attacker.example/jwks.json',
    x5u: 'https://attacker.example/cert.pem',
    x5c: ['MIIB'],
    'x5t#S256': 'AAAA',
  }
  for (const [name, value] of Object.entries(brought)) {
    const header = { typ: 'at+jwt', alg: 'ES256', kid: own.keyId, [name]: value }
    const claims = { ...claimsAt(gateway.clock.now()), cnf: { jkt: gateway.holder.thumbprint } }
    await gateway.rejects({ token: craft(header, claims, es256(own.privateKey)) }, 'invalid_token')
    await gateway.rejects({ token: gateway.token({}, { [name]: value }) }, 'invalid_token')
  }
})

test('rejects kid injection: paths, lists, names of methods, and the kid of identity over a foreign signature', async context => {
  const gateway = await openGateway(context)
  const own = await newSigningKey()
  for (const kid of ['../../dev/null', "' or 1=1", 'constructor', '__proto__', [gateway.key.keyId], 0])
    await gateway.rejects({ token: gateway.token({}, { kid }) }, 'invalid_token')
  const claims = { ...claimsAt(gateway.clock.now()), cnf: { jkt: gateway.holder.thumbprint } }
  const header = { typ: 'at+jwt', alg: 'ES256', kid: gateway.key.keyId }
  await gateway.rejects({ token: craft(header, claims, es256(own.privateKey)) }, 'invalid_token')
})

test('rejects a token whose signature is of other claims: another human, another session, another key', async context => {
  const gateway = await openGateway(context)
  const thief = generateHolderKey()
  for (const change of [
    { sub: 'mallory' },
    { sid: '3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8c' },
    { scope: 'tool:files/*' },
  ])
    await gateway.rejects({ token: withPart(gateway.token(), 1, change) }, 'invalid_token')
  await gateway.rejects(
    { token: withPart(gateway.token(), 1, { cnf: { jkt: thief.thumbprint } }), key: thief },
    'invalid_token',
  )
})

test('rejects the second signature that anybody can compute from the first', async context => {
  const gateway = await openGateway(context)
  const [header, payload, signature = ''] = gateway.token().split('.')
  const second = secondSignature(Buffer.from(signature, 'base64url')).toString('base64url')
  await gateway.rejects({ token: `${header}.${payload}.${second}` }, 'invalid_token')
})

test('rejects a second spelling of a token', async context => {
  const gateway = await openGateway(context)
  const token = gateway.token()
  // The last of 86 characters carries two bits; Node's decoder passes over the other four.
  const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const at = last.indexOf(token.at(-1) ?? '')
  await gateway.rejects({ token: token.slice(0, -1) + last[at ^ 1] }, 'invalid_token')
})

test('rejects typ values swapped: every other kind of token that identity signs, as a session token', async context => {
  const gateway = await openGateway(context)
  const types = ['dpop+jwt', 'cordon-call+jwt', 'statuslist+jwt', 'cordon-revocation+jwt', 'secevent+jwt']
  for (const typ of [...types, 'JWT', 'application/at+jwt', 'AT+JWT', undefined])
    await gateway.rejects({ token: gateway.token({}, { typ }) }, 'invalid_token')
})

test('rejects a wrong audience: the token of another server', async context => {
  const gateway = await openGateway(context)
  const audiences = ['mail', 'files2', 'files/', 'FILES'].map(server => `urn:cordon:server:${server}`)
  for (const aud of audiences) await gateway.rejects({ token: gateway.token({ aud }) }, 'invalid_token')
})

test('rejects multiple audiences, ours among them', async context => {
  const gateway = await openGateway(context)
  const [files, mail] = ['urn:cordon:server:files', 'urn:cordon:server:mail']
  for (const aud of [[files, mail], [mail, files], [files], []])
    await gateway.rejects({ token: gateway.token({ aud }) }, 'invalid_token')
})

test('rejects a token of another issuer', async context => {
  const gateway = await openGateway(context)
  for (const iss of [
    'https://attacker.example',
    'https://identity.example/',
    'https://identity.example/engines',
  ])
    await gateway.rejects({ token: gateway.token({ iss }) }, 'invalid_token')
})

test('rejects an expired token, from the second that it names', async context => {
  const gateway = await openGateway(context)
  const token = gateway.token()
  gateway.clock.advance(299_000)
  await gateway.accepts({ token })
  gateway.clock.advance(1_000)
  await gateway.rejects({ token }, 'invalid_token')
})

test('rejects a token of the future: identity’s clock is more than 5 s ahead', async context => {
  const gateway = await openGateway(context)
  const issuedIn = (seconds: number): string => {
    const iat = Math.floor(gateway.clock.now() / 1000) + seconds
    return gateway.token({ iat, exp: iat + 300 })
  }
  await gateway.accepts({ token: issuedIn(5) })
  await gateway.rejects({ token: issuedIn(6) }, 'invalid_token')
})

test('rejects a token that lives longer than 5 minutes', async context => {
  const gateway = await openGateway(context)
  const iat = Math.floor(gateway.clock.now() / 1000)
  await gateway.rejects({ token: gateway.token({ exp: iat + 301 }) }, 'invalid_token')
  await gateway.rejects({ token: gateway.token({ iat: iat - 86_400, exp: iat + 60 }) }, 'invalid_token')
})

test('rejects a token that says a name twice', async context => {
  const gateway = await openGateway(context)
  const claims = { ...claimsAt(gateway.clock.now()), cnf: { jkt: gateway.holder.thumbprint } }
  const signer = es256(gateway.key.privateKey)
  const header = { typ: 'at+jwt', alg: 'ES256', kid: gateway.key.keyId }
  await gateway.rejects({ token: craft(header, repeating(claims, 'sub', 'alice'), signer) }, 'invalid_token')
  await gateway.rejects({ token: craft(repeating(header, 'alg', 'ES256'), claims, signer) }, 'invalid_token')
})

test('rejects an oversized token', async context => {
  const gateway = await openGateway(context)
  const tools = Array.from({ length: 400 }, (_, number) => `tool:files/read_file_${number}`)
  const scope = ['tool:files/read_file', ...tools].join(' ')
  await gateway.rejects({ token: gateway.token({ scope }) }, 'invalid_token')
})

test('rejects subject and actor swapped', async context => {
  const gateway = await openGateway(context)
  const { sub: agent } = actorOf('agent-7') as { sub: string }
  await gateway.rejects({
    token: gateway.token({ sub: agent, act: { ...actorOf('agent-7'), sub: 'alice' } }),
  })
})

test('rejects an agent that poses as its human: the actor is cut out', async context => {
  const gateway = await openGateway(context)
  await gateway.rejects({ token: gateway.token({ act: undefined }) }, 'invalid_token')
  await gateway.rejects({ token: gateway.token({ agentic_ctx: undefined }) }, 'invalid_token')
})

test('rejects an actor that calls itself the human', async context => {
  const gateway = await openGateway(context)
  await gateway.rejects({ token: gateway.token({ act: actorOf('human') }) }, 'invalid_token')
})

test('rejects actor laundering: an actor of a foreign namespace', async context => {
  const gateway = await openGateway(context)
  const act = { ...actorOf('agent-7'), iss: 'urn:attacker:agents' }
  await gateway.rejects({ token: gateway.token({ act }) }, 'invalid_token')
})

test('rejects actor laundering: a second actor that nobody looks for', async context => {
  const gateway = await openGateway(context)
  const act = { ...actorOf('agent-7'), also: actorOf('agent-1') }
  await gateway.rejects({ token: gateway.token({ act }) }, 'invalid_token')
})

test('rejects a chain of delegation that is longer than it may be', async context => {
  const gateway = await openGateway(context)
  const chainOf = (links: number): ReturnType<typeof actorOf> =>
    links === 0 ? actorOf('agent-0') : actorOf(`agent-${links}`, chainOf(links - 1))
  await gateway.accepts({ token: gateway.token({ act: chainOf(4) }) })
  await gateway.rejects({ token: gateway.token({ act: chainOf(5) }) }, 'invalid_token')
})

test('rejects a token by a key that identity withdrew, also where it verified before', async context => {
  const gateway = await openGateway(context)
  const token = gateway.token()
  await gateway.accepts({ token })
  const next = await newSigningKey()
  gateway.published.keys = [next.publicJwk]
  // Whatever names a key that is not held has the set fetched.
  await gateway.rejects({ token: gateway.token({}, { kid: next.keyId }) }, 'invalid_token')
  await gateway.rejects({ token: gateway.token({}, { kid: 'unknown' }) }, 'invalid_token')
  await gateway.rejects({ token }, 'invalid_token')
})

test('follows a rotation of keys without a gap, and rejects an old signature under the new kid', async context => {
  const gateway: Gateway = await openGateway(context)
  const next = await newSigningKey()
  gateway.published.keys = [gateway.key.publicJwk, next.publicJwk]
  const claims = { ...claimsAt(gateway.clock.now()), cnf: { jkt: gateway.holder.thumbprint } }
  const header = { typ: 'at+jwt', alg: 'ES256', kid: next.keyId }
  const fresh = craft(header, claims, es256(next.privateKey))
  await Promise.all([gateway.ask({ token: fresh }), gateway.ask(), gateway.ask({ token: fresh })])
  await gateway.accepts({ token: fresh })
  await gateway.accepts()
  await gateway.rejects({ token: craft(header, claims, es256(gateway.key.privateKey)) }, 'invalid_token')
})
