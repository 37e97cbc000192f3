import { createPrivateKey, hash, randomUUID, sign } from 'node:crypto'

import {
  generateVoucherKeyPem,
  issueClientAttestation,
  openVoucherKey,
  signStatement,
} from '@cordon/attestation'
import { parseAgentId } from '@cordon/foundation'
import type { IdentityPolicy } from '@cordon/policy'
import {
  compactJws,
  generateHolderKey,
  type HolderKey,
  generateSigningKeyPem,
  openSigningKey,
  signRequestProof,
} from '@cordon/tokens'

const codeDigest = hash('sha256', 'the code of the bench', 'hex')
const provider = 'https://login.example'
const client = 'cordon-connect'
const tenMinutesMs = 600_000

/** Everybody who signs something that identity verifies, and what the bundle says of them. */
export interface ExchangeParties {
  readonly policy: IdentityPolicy
  /** A good exchange of a human and an agent that were never seen before. @param key default: one of its own */
  request(issuer: string, key?: HolderKey): ExchangeRequest
}

export interface ExchangeRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export const tools: readonly string[] = ['files/read', 'files/list', 'files/stat', 'mail/search', 'mail/read']

/**
 * @param limits of the bundle's identity section
 * @param wanted what every session is opened for; its first token is for the server of the first
 */
export const makeExchangeParties = async (
  limits: IdentityPolicy['limits'],
  wanted: readonly string[] = tools,
): Promise<ExchangeParties> => {
  const servers = [...new Set(wanted.map(tool => tool.slice(0, tool.indexOf('/'))))]
  const allowed = servers.map(server => `${server}/*`)
  const attester = openVoucherKey(generateVoucherKeyPem())
  const builder = openVoucherKey(generateVoucherKeyPem())
  const pem = generateSigningKeyPem()
  const providerKey = await openSigningKey(pem)
  const privateKey = createPrivateKey(pem)

  const idToken = (): string => {
    const iat = Math.floor(Date.now() / 1000)
    return compactJws(
      { alg: 'ES256', kid: providerKey.keyId },
      {
        iss: provider,
        sub: `human-${randomUUID()}`,
        aud: client,
        iat,
        exp: iat + 3600,
        auth_time: iat,
        sid: randomUUID(),
        groups: ['staff'],
      },
      bytes => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
    )
  }

  return {
    policy: {
      providers: {
        [provider]: {
          audiences: [client],
          jwks: { keys: [{ ...providerKey.publicJwk }] },
          algorithms: ['ES256'],
          roles: [{ claim: 'groups', value: 'staff', role: 'bench' }],
          entitlements: [{ claim: 'groups', value: 'staff', tools: allowed }],
          clearances: [{ claim: 'groups', value: 'staff', clearance: 2 }],
        },
      },
      sponsors: {},
      agents: {
        'agent-bench': {
          version: '1.0.0',
          platform: 'bench',
          deployer: 'bench',
          model: 'model',
          promptDigest: hash('sha256', 'prompt', 'hex'),
          tools: allowed,
          maxDelegationDepth: 0,
          provenance: [
            signStatement(
              {
                subjects: [{ name: 'agent', sha256: codeDigest }],
                builder: 'https://build.example',
                buildType: 'https://build.example/v1',
              },
              builder,
              'build',
            ),
          ],
        },
      },
      deployers: { bench: { tools: allowed } },
      attesters: { prover: { key: attester.publicJwk, platforms: ['bench'] } },
      buildKeys: { build: builder.publicJwk },
      engines: {},
      limits,
    },
    request: (issuer, key = generateHolderKey()) => {
      const now = Date.now()
      const attestation = {
        attester: 'prover',
        platform: 'bench',
        agentId: parseAgentId('agent-bench'),
        codeDigest,
        holderJwk: key.publicJwk,
        attestationId: randomUUID(),
        issuedAt: now,
        expiresAt: now + tenMinutesMs,
      }
      return {
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          dpop: signRequestProof(key, {
            method: 'POST',
            url: `${issuer}/token`,
            issuedAt: now,
            proofId: randomUUID(),
          }),
        },
        body: new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          subject_token: idToken(),
          subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
          actor_token: issueClientAttestation(attestation, issuer, attester),
          actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
          resource: `urn:cordon:server:${servers[0]}`,
          authorization_details: JSON.stringify(wanted.map(identifier => ({ type: 'mcp_tool', identifier }))),
        }).toString(),
      }
    },
  }
}
