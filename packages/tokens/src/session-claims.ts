import { type AgentId, isSessionId, type SessionId } from '@cordon/foundation'
import { z } from 'zod'

import type { SessionToken } from './session-token.ts'

// The one place that knows the names of claims: some come from drafts (`sub_profile`, the inner form of `act`) and may be
// renamed. Claims that nothing proves yet are not there at all.

const audiencePrefix = 'urn:cordon:server:'
const scopePrefix = 'tool:'
/** `act.iss` is the namespace that the agent's name belongs to, not who signed the token. */
const agentNamespace = 'urn:cordon:agents'

/** The claims as they are signed. Times are seconds since the Unix epoch. */
export interface SessionClaims {
  readonly iss: string
  readonly sub: string
  readonly sub_profile: 'user'
  /** One string, never a list: a token for two servers could be passed on by the first to the second. */
  readonly aud: string
  readonly client_id: string
  readonly sid: SessionId
  readonly jti: string
  readonly iat: number
  readonly exp: number
  readonly scope: string
  readonly roles: readonly [string]
  readonly act: { readonly sub: AgentId; readonly iss: string; readonly sub_profile: 'ai_agent' }
}

const text = z.string().min(1).max(512)
const seconds = z.number().int().positive()

/** Strict in `act`: an actor within the actor would be a delegation that nobody granted. */
export const sessionClaimsSchema: z.ZodType<SessionClaims> = z
  .object({
    iss: text,
    sub: text,
    sub_profile: z.literal('user'),
    aud: text.startsWith(audiencePrefix),
    client_id: text,
    sid: z.string().refine(isSessionId),
    jti: text,
    iat: seconds,
    exp: seconds,
    scope: z.string().regex(/^tool:[^\s/]+\/\S+( tool:[^\s/]+\/\S+)*$/),
    roles: z.tuple([text]),
    act: z.strictObject({
      sub: text.transform(agent => agent as AgentId),
      iss: z.literal(agentNamespace),
      sub_profile: z.literal('ai_agent'),
    }),
  })
  .refine(({ iat, exp }) => iat < exp)

/** @param issuer who signs */
export const claimsOf = (token: SessionToken, issuer: string): SessionClaims => ({
  iss: issuer,
  sub: token.human,
  sub_profile: 'user',
  aud: audienceOf(token.server),
  client_id: token.platform,
  sid: token.sessionId,
  jti: token.tokenId,
  iat: token.issuedAt / 1000,
  exp: token.expiresAt / 1000,
  scope: [...token.tools].map(tool => scopePrefix + tool).join(' '),
  roles: [token.role],
  act: { sub: token.agentId, iss: agentNamespace, sub_profile: 'ai_agent' },
})

export const tokenOf = (claims: SessionClaims): SessionToken => ({
  sessionId: claims.sid,
  human: claims.sub,
  agentId: claims.act.sub,
  platform: claims.client_id,
  role: claims.roles[0],
  server: claims.aud.slice(audiencePrefix.length),
  tools: new Set(claims.scope.split(' ').map(scope => scope.slice(scopePrefix.length))),
  tokenId: claims.jti,
  issuedAt: claims.iat * 1000,
  expiresAt: claims.exp * 1000,
})

const audienceOf = (server: string): string => audiencePrefix + server
