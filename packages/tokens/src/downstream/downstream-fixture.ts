import { makeSessionId, parseAgentId } from '@cordon/foundation'

import { compactJws } from '../compact-jws.ts'
import { type KeySet, parseKeySet } from '../key-set.ts'
import type { SessionToken } from '../session-token.ts'
import { type DownstreamKey, generateDownstreamSecret, openDownstreamKey } from './downstream-key.ts'
import type { McpCall } from './mcp-call.ts'

export const issuer = 'https://cordon.example/engines'
export const iat = 1_800_000_000
export const now: number = iat * 1000 + 500

export const key: DownstreamKey = openDownstreamKey(generateDownstreamSecret())
export const stranger: DownstreamKey = openDownstreamKey(generateDownstreamSecret())
export const keys: KeySet = parseKeySet({ keys: [key.publicJwk] })

/** What a tool server receives. */
export const request: McpCall = { method: 'tools/call', tool: 'read_file', arguments: { path: '/a' } }

/** What a good token for it says. */
export const claims = {
  iss: 'https://cordon.example/engines',
  aud: 'urn:cordon:server:files',
  sub: 'alice',
  act: {
    sub: 'urn:cordon:agent:agent-7#run-1',
    iss: 'urn:cordon:agents',
    sub_profile: 'ai_agent client_instance',
    agent_platform: 'desk',
    agent_model: 'model-1',
  },
  sid: '3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b',
  txn: 'work-1',
  jti: 'invocation-1',
  iat: 1_800_000_000,
  exp: 1_800_000_060,
  // printf '%s' '{"path":"/a"}' | openssl dgst -sha256 -binary | basenc --base64url
  mcp: { method: 'tools/call', tool: 'read_file', args_s256: 't1XZo9bK3cTwdZTLy-aweZDYeH0D_z67AckYmfi93V8' },
  status: { status_list: { idx: 7, uri: 'https://identity.example/status/0' } },
}

export const header: Readonly<Record<string, unknown>> = {
  typ: 'cordon-call+jwt',
  alg: 'EdDSA',
  kid: key.keyId,
}

export const makeToken = (
  payload: object = claims,
  protectedHeader: object = header,
  signer: DownstreamKey = key,
): string => compactJws(protectedHeader, payload, bytes => signer.sign(bytes))

/** The session that the claims are of. */
export const session: SessionToken = {
  sessionId: makeSessionId(3, '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b'),
  human: 'alice',
  agentId: parseAgentId('agent-7'),
  actor: { agentId: parseAgentId('agent-7'), instance: 'run-1', platform: 'desk', model: 'model-1' },
  platform: 'desk',
  role: 'analyst',
  clearance: 2,
  server: 'files',
  tools: new Set(['files/*']),
  tokenId: 'token-1',
  transactionId: 'work-1',
  issuedAt: iat * 1000,
  expiresAt: (iat + 300) * 1000,
  authenticatedAt: iat * 1000,
  acr: '0',
  holder: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  status: { uri: 'https://identity.example/status/0', index: 7 },
}
