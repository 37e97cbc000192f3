import { createPrivateKey, hash, randomUUID, sign } from 'node:crypto'

import {
  generateVoucherKeyPem,
  issueClientAttestation,
  openVoucherKey,
  signStatement,
} from '@cordon/attestation'
import { type AgentId, parseAgentId } from '@cordon/foundation'
import { compactJws, generateSigningKeyPem, type HolderJwk, openSigningKey } from '@cordon/tokens'

/** The only agent that these bundles know. */
export const testAgent: AgentId = parseAgentId('agent-of-the-test')

const provider = 'https://login.example'
const client = 'cordon-connect'
const human = 'alice'
const platform = 'test'
const attesterName = 'test'
const codeDigest = hash('sha256', 'the code of the test', 'hex')
const idTokenLifeSeconds = 3600
const attestationLifeMs = 300_000

const providerPem = generateSigningKeyPem()
const providerKey = await openSigningKey(providerPem)
const providerPrivateKey = createPrivateKey(providerPem)
const attester = openVoucherKey(generateVoucherKeyPem())
const builder = openVoucherKey(generateVoucherKeyPem())

/**
 * The `identity` section of a test's bundle: a provider whose keys stand in it, so that the test signs alice in by itself.
 * @param servers of which the agent may use every tool
 */
export const testIdentity = (servers: readonly string[], role = 'support'): object => {
  const tools = servers.map(server => `${server}/*`)
  const everybody = { claim: 'groups', value: 'staff' }
  const statement = {
    subjects: [{ name: testAgent, sha256: codeDigest }],
    builder: 'https://build.example',
    buildType: 'https://build.example/v1',
  }
  const manifest = {
    version: '1.0.0',
    platform,
    deployer: 'test',
    model: 'none',
    promptDigest: hash('sha256', '', 'hex'),
    tools,
    provenance: [signStatement(statement, builder, 'test')],
  }
  return {
    providers: {
      [provider]: {
        audiences: [client],
        jwks: { keys: [providerKey.publicJwk] },
        algorithms: ['ES256'],
        roles: [{ ...everybody, role }],
        entitlements: [{ ...everybody, tools }],
        clearances: [{ ...everybody, clearance: 3 }],
      },
    },
    agents: { [testAgent]: manifest },
    deployers: { test: { tools } },
    attesters: { [attesterName]: { key: attester.publicJwk, platforms: [platform] } },
    buildKeys: { test: builder.publicJwk },
  }
}

/** What the provider says once alice has logged in. */
export const testIdToken = (): string => {
  const iat = Math.floor(Date.now() / 1000)
  const times = { iat, exp: iat + idTokenLifeSeconds, auth_time: iat }
  return compactJws(
    { alg: 'ES256', kid: providerKey.keyId },
    { iss: provider, sub: human, aud: client, sid: randomUUID(), groups: ['staff'], ...times },
    bytes => sign('sha256', bytes, { key: providerPrivateKey, dsaEncoding: 'ieee-p1363' }),
  )
}

/** The attester's word for the agent's code and this key. @param audience the issuer of the identity service */
export const testAttestation = (holderJwk: HolderJwk, audience: string): string =>
  issueClientAttestation(
    {
      attester: attesterName,
      platform,
      agentId: testAgent,
      codeDigest,
      holderJwk,
      attestationId: randomUUID(),
      issuedAt: Date.now(),
      expiresAt: Date.now() + attestationLifeMs,
    },
    audience,
    attester,
  )
