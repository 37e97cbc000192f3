import { isSessionId, type SessionId } from '@cordon/foundation'
import { z } from 'zod'

import { directHuman } from './actor.ts'
import { type ActorClaims, actorClaimsSchema, actorOf, claimsOfActor } from './actor-claims.ts'
import {
  type AgentContextClaims,
  agentContextSchema,
  claimsOfContext,
  contextOf,
} from './agent-context-claims.ts'
import type { SessionToken } from './session-token.ts'
import { type StatusClaims, statusClaimsSchema } from './status-claims.ts'

// With the files that it is made of, the one place that knows the names of claims: some come from drafts (`sub_profile`,
// the inner form of `act`, `agentic_ctx`) and may be renamed.

const audiencePrefix = 'urn:cordon:server:'
const scopePrefix = 'tool:'

/** The claims as they are signed. Times are seconds since the Unix epoch. */
export interface SessionClaims {
  readonly iss: string
  readonly sub: string
  readonly sub_profile: 'user'
  /** One string, never a list: a token for two servers could be passed on by the first to the second. */
  readonly aud: string
  readonly client_id: string
  readonly sid: SessionId
  readonly txn: string
  readonly jti: string
  readonly iat: number
  readonly exp: number
  readonly auth_time: number
  readonly acr: string
  readonly scope: string
  readonly roles: readonly [string]
  readonly clearance: 0 | 1 | 2 | 3
  /** Both or none: a human who uses tools directly has no agent. */
  readonly act?: ActorClaims | undefined
  readonly agentic_ctx?: AgentContextClaims | undefined
  /** RFC 7800 §3.1, RFC 9449 §6.1. */
  readonly cnf: { readonly jkt: string }
  readonly status: StatusClaims
}

const text = z.string().min(1).max(512)
const seconds = z.number().int().positive()

export const sessionClaimsSchema: z.ZodType<SessionClaims> = z
  .object({
    iss: text,
    sub: text,
    sub_profile: z.literal('user'),
    aud: text.startsWith(audiencePrefix),
    client_id: text,
    sid: z.string().refine(isSessionId),
    txn: text,
    jti: text,
    iat: seconds,
    exp: seconds,
    auth_time: seconds,
    acr: text,
    scope: z.string().regex(/^tool:[^\s/]+\/\S+( tool:[^\s/]+\/\S+)*$/),
    roles: z.tuple([text]),
    clearance: z.literal([0, 1, 2, 3]),
    act: actorClaimsSchema.optional(),
    agentic_ctx: agentContextSchema.optional(),
    cnf: z.strictObject({ jkt: z.string().regex(/^[\w-]{43}$/) }),
    status: statusClaimsSchema,
  })
  .refine(({ iat, exp }) => iat < exp)
  .refine(({ act, agentic_ctx: context }) => (act === undefined) === (context === undefined))

/** @param issuer who signs */
export const claimsOf = (token: SessionToken, issuer: string): SessionClaims => ({
  iss: issuer,
  sub: token.human,
  sub_profile: 'user',
  aud: audienceOf(token.server),
  client_id: token.platform,
  sid: token.sessionId,
  txn: token.transactionId,
  jti: token.tokenId,
  iat: token.issuedAt / 1000,
  exp: token.expiresAt / 1000,
  auth_time: token.authenticatedAt / 1000,
  acr: token.acr,
  scope: [...token.tools].map(tool => scopePrefix + tool).join(' '),
  roles: [token.role],
  clearance: token.clearance,
  ...(token.actor && { act: claimsOfActor(token.actor), agentic_ctx: claimsOfContext(token) }),
  cnf: { jkt: token.holder },
  status: { status_list: { idx: token.status.index, uri: token.status.uri } },
})

export const tokenOf = (claims: SessionClaims): SessionToken => ({
  sessionId: claims.sid,
  human: claims.sub,
  agentId: directHuman,
  platform: claims.client_id,
  role: claims.roles[0],
  clearance: claims.clearance,
  server: claims.aud.slice(audiencePrefix.length),
  tools: new Set(claims.scope.split(' ').map(scope => scope.slice(scopePrefix.length))),
  tokenId: claims.jti,
  transactionId: claims.txn,
  issuedAt: claims.iat * 1000,
  expiresAt: claims.exp * 1000,
  authenticatedAt: claims.auth_time * 1000,
  acr: claims.acr,
  holder: claims.cnf.jkt,
  status: { uri: claims.status.status_list.uri, index: claims.status.status_list.idx },
  ...(claims.act && actedBy(claims.act)),
  ...(claims.agentic_ctx && contextOf(claims.agentic_ctx)),
})

const actedBy = (act: ActorClaims): Pick<SessionToken, 'agentId' | 'actor'> => {
  const actor = actorOf(act)
  return { agentId: actor.agentId, actor }
}

/** How `aud` names a tool server. */
export const audienceOf = (server: string): string => audiencePrefix + server
