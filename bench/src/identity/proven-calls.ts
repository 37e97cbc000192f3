import { createPublicKey, generateKeyPairSync, randomUUID, verify } from 'node:crypto'

import { makeSessionId, parseAgentId, uuidV7 } from '@cordon/foundation'
import {
  createTokenIssuer,
  digestArguments,
  generateHolderKey,
  generateSigningKeyPem,
  type HolderKey,
  holderKeyOf,
  openSigningKey,
  type PublicJwk,
  signCallProof,
} from '@cordon/tokens'

export const issuer = 'https://identity.example'
export const url = 'http://127.0.0.1:8080/mcp/files'
export const server = 'files'

/** Calls of one session as they come from a socket, each with token and proof. */
export interface ProvenCalls {
  /** Identity's. */
  readonly publicJwk: PublicJwk
  readonly token: Buffer
  readonly holder: string
  readonly calls: readonly ProvenCallBytes[]
  /** One bare `node:crypto` verification by the same algorithm, of the same bytes. */
  readonly isSigned: (call: ProvenCallBytes) => boolean
}

export interface ProvenCallBytes {
  readonly proof: Buffer
  readonly argumentsDigest: string
  readonly signed: Buffer
  readonly signature: Buffer
}

export const makeProvenCalls = async (
  algorithm: HolderKey['algorithm'],
  shape: {
    readonly calls: number
    readonly grantedTools: number
    readonly now: number
    readonly nonce: string
  },
): Promise<ProvenCalls> => {
  const holder =
    algorithm === 'EdDSA'
      ? generateHolderKey()
      : holderKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
  const key = await openSigningKey(generateSigningKeyPem())
  const token = await issueToken(createTokenIssuer({ issuer, key }), holder, shape)
  const calls = Array.from({ length: shape.calls }, (_, sequence) => {
    const argumentsDigest = digestArguments({ path: `/notes/${sequence}.md` })
    const proof = signCallProof(holder, {
      tokenText: token,
      method: 'POST',
      url,
      nonce: shape.nonce,
      issuedAt: shape.now,
      sequence,
      message: { server, tool: 'read_file', argumentsDigest },
      proofId: uuidV7(shape.now),
    })
    const end = proof.lastIndexOf('.')
    return {
      proof: Buffer.from(proof),
      argumentsDigest,
      signed: Buffer.from(proof.slice(0, end)),
      signature: Buffer.from(proof.slice(end + 1), 'base64url'),
    }
  })
  return {
    publicJwk: key.publicJwk,
    token: Buffer.from(token),
    holder: holder.thumbprint,
    calls,
    isSigned: bareVerification(holder),
  }
}

const issueToken = (
  tokens: ReturnType<typeof createTokenIssuer>,
  holder: HolderKey,
  { grantedTools, now }: { readonly grantedTools: number; readonly now: number },
): Promise<string> => {
  const agentId = parseAgentId('bench-agent')
  return tokens.issueSessionToken({
    sessionId: makeSessionId(0, randomUUID()),
    human: 'alice@example.com',
    agentId,
    actor: { agentId, instance: randomUUID(), platform: 'desk', model: 'model-1' },
    provenance: { manifestHash: 'a'.repeat(43), toolsDigest: 'b'.repeat(43), model: 'model-1', version: '7' },
    posture: { codeDigest: 'c'.repeat(64), attester: 'desk' },
    deployer: 'acme',
    conversationId: randomUUID(),
    platform: 'desk',
    role: 'analyst',
    clearance: 2,
    server,
    tools: new Set(
      ['read_file', ...Array.from({ length: grantedTools - 1 }, (_, tool) => `tool_${tool}`)].map(
        tool => `${server}/${tool}`,
      ),
    ),
    transactionId: randomUUID(),
    issuedAt: now,
    expiresAt: now + 300_000,
    authenticatedAt: now,
    acr: '0',
    holder: holder.thumbprint,
    status: { uri: 'https://identity.example/status/0', index: 7 },
  })
}

const bareVerification = ({ algorithm, publicJwk }: HolderKey): ProvenCalls['isSigned'] => {
  const key = createPublicKey({ key: { ...publicJwk }, format: 'jwk' })
  if (algorithm === 'EdDSA') return ({ signed, signature }) => verify(null, signed, key, signature)
  const options = { key, dsaEncoding: 'ieee-p1363' } as const
  return ({ signed, signature }) => verify('sha256', signed, options, signature)
}
