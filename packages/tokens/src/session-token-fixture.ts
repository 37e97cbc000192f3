import { type KeyObject, sign } from 'node:crypto'

import { type KeySet, parseKeySet } from './key-set.ts'
import { withLowS } from './low-s.ts'
import { generateSigningKeyPem, openSigningKey, type SigningKey } from './signing-key.ts'
import type { TokenFault } from './token-fault.ts'
import { createTokenVerifier } from './token-verifier.ts'

// Tokens are put together by hand here: what the issuer writes must not decide what the verifier refuses.

export const issuer = 'https://identity.example'
export const iat = 1_800_000_000
export const now: number = iat * 1000 + 1000

/** What a good token says, for the server `files`. */
export const claims = {
  iss: 'https://identity.example',
  sub: 'alice',
  sub_profile: 'user',
  aud: 'urn:cordon:server:files',
  client_id: 'desk',
  sid: '3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b',
  txn: 'work-1',
  jti: 'token-1',
  iat: 1_800_000_000,
  exp: 1_800_000_300,
  auth_time: 1_799_999_940,
  acr: '0',
  scope: 'tool:files/read_file tool:files/list_directory',
  roles: ['analyst'] as const,
  clearance: 2,
  act: {
    sub: 'urn:cordon:agent:agent-7#run-1',
    iss: 'urn:cordon:agents',
    sub_profile: 'ai_agent client_instance',
    agent_platform: 'desk',
    agent_model: 'model-1',
  },
  agentic_ctx: {
    prov: { manifest_hash: 'm', tools_digest: 't', model_id: 'model-1', version: '1' },
    posture: { code_digest: 'c', attester: 'desk' },
    deployer: 'acme',
    session: { conversation_id: 'talk-1' },
  },
  // RFC 7638 §3.1.
  cnf: { jkt: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs' },
  status: { status_list: { idx: 7, uri: 'https://identity.example/status/0' } },
}

export const key: SigningKey = await openSigningKey(generateSigningKeyPem())
export const stranger: SigningKey = await openSigningKey(generateSigningKeyPem())
export const keys: KeySet = parseKeySet({ keys: [key.publicJwk] })
export const header: Readonly<Record<string, unknown>> = { typ: 'at+jwt', alg: 'ES256', kid: key.keyId }

/** @param value text as it is, anything else as JSON */
export const base64url = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

export const makeToken = (
  payload: unknown = claims,
  protectedHeader: unknown = header,
  privateKey: KeyObject = key.privateKey,
): string => {
  const signed = `${base64url(protectedHeader)}.${base64url(payload)}`
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${withLowS(signature).toString('base64url')}`
}

export const verdict = (
  token: string,
  options: { server?: string; at?: number } = {},
): TokenFault | 'accepted' => {
  const result = createTokenVerifier({ issuer, keys: () => keys }).verify(
    token,
    options.server ?? 'files',
    options.at ?? now,
  )
  return result.ok ? 'accepted' : result.reason
}
