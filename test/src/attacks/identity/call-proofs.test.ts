import { createHmac, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'

import { generateHolderKey, holderKeyOf } from '@cordon/tokens'

import { proofOf, readFile } from './agent.ts'
import { encoded, secondSignature } from './crafted.ts'
import { openGateway } from './gateway.ts'

// The attacker has a session token, and shows the proxy a proof that is not one of this request by the token's holder.

const invalid = 'invalid_dpop_proof'

test('rejects a token without a proof: what was stolen is worth nothing without its key', async context => {
  const gateway = await openGateway(context)
  await gateway.accepts()
  await gateway.rejects({ proofText: '' }, invalid)
  await gateway.rejects({ proofText: [] }, invalid)
})

test('rejects a proof without a token', async context => {
  const gateway = await openGateway(context)
  for (const authorization of ['', 'DPoP', 'DPoP ']) await gateway.rejects({ headers: { authorization } })
})

test('rejects bearer use of a bound token, also with a good proof beside it', async context => {
  const gateway = await openGateway(context)
  const token = gateway.token()
  await gateway.rejects({ token, headers: { authorization: `Bearer ${token}` } })
  await gateway.rejects({ token, proofText: '', headers: { authorization: `Bearer ${token}` } })
})

test('rejects a stolen token with a proof by the thief’s own key', async context => {
  const gateway = await openGateway(context)
  await gateway.rejects({ key: generateHolderKey() }, invalid)
})

test('rejects two proofs, one of them good', async context => {
  const gateway = await openGateway(context)
  const shown = { token: gateway.token(), key: gateway.holder }
  const proofs = [proofOf(gateway, shown), proofOf(gateway, { ...shown, key: generateHolderKey() })]
  await gateway.rejects({ ...shown, proofText: proofs }, invalid)
})

test('rejects a proof whose signature is of another key than the one that it names', async context => {
  const gateway = await openGateway(context)
  await gateway.rejects({ proofSigner: generateHolderKey() }, invalid)
  await gateway.rejects({ proofSigner: { sign: () => Buffer.alloc(64) } }, invalid)
})

test('rejects a proof of alg none, and of HS256 with the public key', async context => {
  const gateway = await openGateway(context)
  const secret = Buffer.from(JSON.stringify(gateway.holder.publicJwk))
  for (const alg of ['none', 'HS256', 'ES256', 'Ed25519'])
    await gateway.rejects({ proofHeader: { alg } }, invalid)
  const signer = { sign: (bytes: Buffer) => createHmac('sha256', secret).update(bytes).digest() }
  await gateway.rejects({ proofHeader: { alg: 'HS256' }, proofSigner: signer }, invalid)
})

test('rejects a proof with a header that nobody defined: crit, kid, jku', async context => {
  const gateway = await openGateway(context)
  for (const header of [{ crit: ['mcp'] }, { kid: 'other' }, { jku: 'https://attacker.example/' }])
    await gateway.rejects({ proofHeader: header }, invalid)
})

test('rejects a proof that gives the private key away, or brings more of a key than belongs there', async context => {
  const gateway = await openGateway(context)
  for (const more of [{ d: 'AAAA' }, { kid: 'other' }, { use: 'sig' }])
    await gateway.rejects({ proofHeader: { jwk: { ...gateway.holder.publicJwk, ...more } } }, invalid)
})

test('rejects typ values swapped: every other kind of token as a proof', async context => {
  const gateway = await openGateway(context)
  for (const typ of ['at+jwt', 'cordon-call+jwt', 'JWT', 'application/dpop+jwt', 'DPoP+jwt', undefined])
    await gateway.rejects({ proofHeader: { typ } }, invalid)
  await gateway.rejects({ proofText: gateway.token() }, invalid)
})

test('rejects a proof of another HTTP method', async context => {
  const gateway = await openGateway(context)
  for (const htm of ['GET', 'DELETE', 'post']) await gateway.rejects({ proof: { htm } }, invalid)
})

test('rejects a proof for another URL, and for another spelling of it', async context => {
  const gateway = await openGateway(context)
  for (const htu of [
    'https://cordon.example/mcp/mail',
    'https://attacker.example/mcp/files',
    'https://cordon.example/mcp/files/',
    'https://cordon.example/mcp/files?a=1',
    'https://CORDON.example/mcp/files',
    `http://127.0.0.1:${gateway.portOf()}/mcp/files`,
  ])
    await gateway.rejects({ proof: { htu } }, invalid)
})

test('rejects a proof of another token of the same key', async context => {
  const gateway = await openGateway(context)
  const shown = { token: gateway.token({ jti: 'token-2' }), key: gateway.holder }
  await gateway.rejects({ proofText: proofOf(gateway, shown) }, invalid)
  await gateway.rejects({ proof: { ath: undefined } }, invalid)
})

test('rejects a proof of another server', async context => {
  const gateway = await openGateway(context)
  await gateway.rejects({ proof: { mcp: mcpOf({ server: 'mail' }) } }, invalid)
})

test('rejects a proof of another tool', async context => {
  const gateway = await openGateway(context)
  await gateway.rejects({ proof: { mcp: mcpOf({ tool: 'touch' }) } }, invalid)
})

test('rejects a proof of other arguments', async context => {
  const gateway = await openGateway(context)
  const shown = { token: gateway.token(), key: gateway.holder }
  const other = { ...readFile, arguments: { path: '/b' } }
  await gateway.accepts(shown)
  await gateway.rejects({ ...shown, proofText: proofOf(gateway, { ...shown, call: other }) }, invalid)
})

test('rejects the proof of a harmless request, shown with a call', async context => {
  const gateway = await openGateway(context)
  await gateway.rejects({ proof: { mcp: undefined } }, invalid)
})

test('rejects the proof of a call, shown with a request that calls nothing', async context => {
  const gateway = await openGateway(context)
  const list = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/list',
    params: {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  }
  const shown = { body: JSON.stringify(list), headers: { 'mcp-method': 'tools/list', 'mcp-name': '' } }
  await gateway.rejects({ ...shown, proof: { seq: 0 } }, invalid)
})

test('rejects the clock of an agent that is more than a minute behind', async context => {
  const gateway = await openGateway(context)
  const now = Math.floor(gateway.clock.now() / 1000)
  await gateway.accepts({ proof: { iat: now - 60 } })
  await gateway.rejects({ proof: { iat: now - 61 } }, invalid)
})

test('rejects the clock of an agent that is more than a minute ahead', async context => {
  const gateway = await openGateway(context)
  const now = Math.floor(gateway.clock.now() / 1000)
  await gateway.accepts({ proof: { iat: now + 60 } })
  await gateway.rejects({ proof: { iat: now + 61 } }, invalid)
})

test('rejects a proof that says more than is defined, at the top and of the call', async context => {
  const gateway = await openGateway(context)
  await gateway.rejects({ proof: { scope: 'all' } }, invalid)
})

test('rejects a call in a proof that says more than is defined', async context => {
  const gateway = await openGateway(context)
  await gateway.rejects({ proof: { mcp: { ...mcpOf({}), also: 'write_file' } } }, invalid)
})

test('rejects an oversized proof', async context => {
  const gateway = await openGateway(context)
  const { resource } = gateway
  const spaces = ' '.repeat(4_096)
  const shown = { token: gateway.token(), key: gateway.holder }
  const [header = '', payload = ''] = proofOf(gateway, shown).split('.')
  const text = Buffer.from(payload, 'base64url').toString('utf8')
  const signed = `${header}.${encoded(text.replace('{', `{${spaces}`))}`
  const long = `${signed}.${gateway.holder.sign(Buffer.from(signed)).toString('base64url')}`
  await gateway.rejects({ ...shown, proofText: long }, invalid)
  await gateway.rejects({ proof: { jti: 'j'.repeat(257), htu: resource } }, invalid)
})

test('rejects the second signature that anybody can compute from one of a P-256 key', async context => {
  const gateway = await openGateway(context)
  const key = holderKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
  const token = gateway.token({ cnf: { jkt: key.thumbprint } })
  await gateway.accepts({ token, key })
  await gateway.rejects(
    { token, key, proofSigner: { sign: bytes => secondSignature(key.sign(bytes)) } },
    invalid,
  )
})

test('rejects a proof for a token that is bound to another key of the same session', async context => {
  const gateway = await openGateway(context)
  const other = generateHolderKey()
  const theirs = gateway.token({ cnf: { jkt: other.thumbprint }, jti: 'token-2' })
  await gateway.accepts({ token: theirs, key: other })
  await gateway.rejects({ token: theirs, key: gateway.holder }, invalid)
  await gateway.rejects({ key: other }, invalid)
})

const mcpOf = (change: object): object => ({
  server: 'files',
  tool: 'read_file',
  // printf '%s' '{"path":"/a"}' | openssl dgst -sha256 -binary | basenc --base64url
  args_s256: 't1XZo9bK3cTwdZTLy-aweZDYeH0D_z67AckYmfi93V8',
  ...change,
})
