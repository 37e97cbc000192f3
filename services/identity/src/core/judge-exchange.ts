import type { AgentId } from '@cordon/foundation'
import type { Bundle } from '@cordon/policy'
import { directHuman, maxDelegationDepth } from '@cordon/tokens'

import type { ExchangeRequest } from './exchange-request.ts'
import { grantIntent, type IntentFacts } from './grant-intent.ts'
import { grantTools, serverOf } from './grant-tools.ts'
import type { HeldSession } from './held-session.ts'
import type { AttestedAgent } from './judge-actor.ts'
import { principalOf } from './principal-of.ts'
import { type Answer, granted, refused } from './refusal.ts'
import { type ActiveRevocations, isToolRevoked, revokedScope } from './revocation-scope.ts'
import type { Subject } from './subject.ts'

/** What is known when a session is asked for; every signature has been verified. */
export interface ExchangeFacts {
  readonly bundle: Bundle
  readonly subject: Subject
  /** `undefined`: the human uses tools directly. */
  readonly agent: AttestedAgent | undefined
  readonly request: Pick<ExchangeRequest, 'server' | 'tools' | 'conversationId' | 'declaredIntent'>
  /** Thumbprint of the key that proved the request. */
  readonly holder: string
  readonly revocations: ActiveRevocations
  readonly fingerprint: IntentFacts['fingerprint']
}

/** A session that may be opened: all but what it will be called, and when. */
export type SessionGrant = Omit<
  HeldSession,
  'sessionId' | 'transactionId' | 'openedAt' | 'endsAt' | 'agent' | 'ancestors'
> & {
  readonly agent: AttestedAgent | undefined
  /** Past this it does not live. */
  readonly until: number | undefined
}

/** Granted = what the human, the deployer, the manifest and the request have in common, and never less than was asked for. */
export const judgeExchange = (facts: ExchangeFacts): Answer<SessionGrant> => {
  const { bundle, subject, agent, request, holder, revocations } = facts
  const agentId = agent?.attestation.agentId ?? directHuman
  const platform = agent?.attestation.platform ?? subject.client
  if (!Object.hasOwn(bundle.roles, subject.role)) return unknownRole(subject.role, bundle)
  if (platform === undefined)
    return refused(
      'ACTOR_REFUSED',
      'actor_token: expected one, because no human is here to use tools, got none',
    )
  if (agent === undefined && !isDirectUse(subject, bundle)) return agentMissing(platform)
  if (subject.onlyAgent !== undefined && subject.onlyAgent !== agentId)
    return refused(
      'SUBJECT_REFUSED',
      `subject_token: expected a grant for agent ${agentId}, got one for ${subject.onlyAgent}`,
    )
  const depth = judgeDepth(subject, agent)
  if (!depth.ok) return depth
  const delegator = subject.parent?.session
  const scopes = [
    revokedScope(revocations, { human: subject.human, agentId, platform }),
    delegator && revokedScope(revocations, principalOf(delegator)),
  ]
  const scope = scopes.find(each => each !== undefined)
  if (scope !== undefined) return refused('REVOKED', `session: expected nothing revoked, got ${scope}`)
  const tools = grantTools(request.tools, {
    catalogue: bundle.catalogue,
    clearance: subject.clearance,
    bounds: [...subject.bounds, ...boundsOf(agentId, agent)],
    revoked: tool => isToolRevoked(revocations, tool),
  })
  if (!tools.ok) return tools
  if (!tools.value.some(tool => serverOf(tool) === request.server))
    return refused(
      'SERVER_REFUSED',
      `resource: expected a server that authorization_details asks for, got ${request.server}`,
    )
  const intent = grantIntent(request.declaredIntent, facts)
  if (!intent.ok) return intent
  return granted({
    human: subject.human,
    agentId,
    platform,
    role: subject.role,
    clearance: subject.clearance,
    tools: tools.value,
    holder,
    conversationId: subject.parent?.session.conversationId ?? request.conversationId,
    ...(intent.value && { intent: intent.value }),
    vouchedBy: subject.vouchedBy,
    humanSession: subject.humanSession,
    authenticatedAt: subject.authenticatedAt,
    acr: subject.acr,
    agent,
    until: subject.until,
  })
}

/** Whether the bundle lets humans of that client use tools without an agent, and so without manifest, deployer and attestation. */
const isDirectUse = ({ client, vouchedBy }: Subject, { identity }: Bundle): boolean => {
  const { providers } = identity
  if (client === undefined || !Object.hasOwn(providers, vouchedBy.name)) return false
  return providers[vouchedBy.name]?.directAudiences?.includes(client) === true
}

const agentMissing = (client: string): Answer<never> =>
  refused(
    'ACTOR_REFUSED',
    `actor_token: expected the attestation of an agent, because humans of ${client} use tools through one, got none`,
  )

/** The chain that would stand between the agent and its human. */
const judgeDepth = ({ parent }: Subject, agent: AttestedAgent | undefined): Answer<undefined> => {
  if (parent === undefined) return granted(undefined)
  if (agent === undefined)
    return refused(
      'ACTOR_REFUSED',
      'actor_token: expected the attestation of the agent that takes over, got none',
    )
  let depth = 0
  for (let link = parent.session.agent?.actor; link !== undefined; link = link.delegatedBy) depth += 1
  const limit = Math.min(maxDelegationDepth, agent.manifest.maxDelegationDepth)
  if (depth <= limit) return granted(undefined)
  return refused(
    'DELEGATION_TOO_DEEP',
    `agent ${agent.attestation.agentId}: expected at most ${limit} agents between it and the human, got ${depth}`,
  )
}

const boundsOf = (agentId: AgentId, agent: AttestedAgent | undefined) =>
  agent === undefined
    ? []
    : [
        { by: `the deployer ${agent.manifest.deployer}`, tools: agent.deployer.tools },
        { by: `the manifest of ${agentId}`, tools: agent.manifest.tools },
      ]

const unknownRole = (role: string, { roles }: Bundle): Answer<never> =>
  refused('ROLE_UNKNOWN', `role: expected one of ${Object.keys(roles).join(', ')}, got ${role}`)
