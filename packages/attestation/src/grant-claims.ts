import { type AgentId, parseAgentId } from '@cordon/foundation'
import { toolNamePattern } from '@cordon/policy'
import { z } from 'zod'

import type { AutomationGrant } from './automation-grant.ts'

/** `typ` of its header. */
export const grantType = 'cordon-grant+jwt'

/** The claims as they are signed. Times are seconds since the Unix epoch. */
export interface GrantClaims {
  /** The sponsor's name in the bundle. */
  readonly iss: string
  readonly aud: string
  readonly agent: AgentId
  readonly tools: readonly string[]
  readonly delegation?: boolean | undefined
  readonly iat: number
  readonly exp: number
  readonly jti: string
}

const text = z.string().min(1).max(512)
const seconds = z.number().int().positive()

/** Strict: what nobody here knows may narrow what the sponsor meant. */
export const grantClaimsSchema: z.ZodType<GrantClaims> = z
  .strictObject({
    iss: text,
    aud: text,
    agent: text.regex(/^[^#\s]+$/).transform(parseAgentId),
    tools: z.array(z.string().max(512).regex(toolNamePattern)).min(1).max(256),
    delegation: z.boolean().optional(),
    iat: seconds,
    exp: seconds,
    jti: text,
  })
  .refine(({ iat, exp }) => iat < exp)

/** Times are cut to whole seconds. */
export const claimsOfGrant = (grant: AutomationGrant, audience: string): GrantClaims => ({
  iss: grant.sponsor,
  aud: audience,
  agent: grant.agentId,
  tools: grant.tools,
  ...(grant.mayDelegate !== undefined && { delegation: grant.mayDelegate }),
  iat: Math.floor(grant.issuedAt / 1000),
  exp: Math.floor(grant.expiresAt / 1000),
  jti: grant.grantId,
})

export const grantOf = (claims: GrantClaims): AutomationGrant => ({
  sponsor: claims.iss,
  agentId: claims.agent,
  tools: claims.tools,
  ...(claims.delegation !== undefined && { mayDelegate: claims.delegation }),
  grantId: claims.jti,
  issuedAt: claims.iat * 1000,
  expiresAt: claims.exp * 1000,
})
