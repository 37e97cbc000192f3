import { parseAgentId } from '@cordon/foundation'
import { z } from 'zod'

import { type Actor, directHuman, maxDelegationDepth } from './actor.ts'

// The inner form of `act` is of drafts (`sub_profile`, `agent_platform`, `agent_model`): it stands here and nowhere else.

/** The namespace that an agent's name belongs to, not who signed the token. */
const agentNamespace = 'urn:cordon:agents'
const agentPrefix = 'urn:cordon:agent:'
const actorProfile = 'ai_agent client_instance'

/** RFC 8693 §4.1; nested: who delegated. */
export interface ActorClaims {
  /** `urn:cordon:agent:<agent>#<instance>`. */
  readonly sub: string
  readonly iss: typeof agentNamespace
  readonly sub_profile: typeof actorProfile
  readonly agent_platform: string
  readonly agent_model: string
  readonly act?: ActorClaims | undefined
}

const text = z.string().min(1).max(512)

const links = {
  sub: text
    .regex(/^urn:cordon:agent:[^#\s]+#[^#\s]+$/)
    .refine(sub => !sub.startsWith(`${agentPrefix}${directHuman}#`)),
  iss: z.literal(agentNamespace),
  sub_profile: z.literal(actorProfile),
  agent_platform: text,
  agent_model: text,
}

const chainOf = (depth: number): z.ZodType<ActorClaims> =>
  depth === 0 ? z.strictObject(links) : z.strictObject({ ...links, act: chainOf(depth - 1).optional() })

/** Strict at each link, and no longer than delegation may be deep: whatever else stands there nobody granted. */
export const actorClaimsSchema: z.ZodType<ActorClaims> = chainOf(maxDelegationDepth)

export const claimsOfActor = (actor: Actor): ActorClaims => ({
  sub: `${agentPrefix}${actor.agentId}#${actor.instance}`,
  iss: agentNamespace,
  sub_profile: actorProfile,
  agent_platform: actor.platform,
  agent_model: actor.model,
  ...(actor.delegatedBy && { act: claimsOfActor(actor.delegatedBy) }),
})

export const actorOf = (claims: ActorClaims): Actor => {
  const [agentId = '', instance = ''] = claims.sub.slice(agentPrefix.length).split('#')
  return {
    agentId: parseAgentId(agentId),
    instance,
    platform: claims.agent_platform,
    model: claims.agent_model,
    ...(claims.act && { delegatedBy: actorOf(claims.act) }),
  }
}
