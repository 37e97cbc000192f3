import type { Bundle, Manifest } from '@cordon/policy'
import { type Actor, directHuman, maxDelegationDepth, type Principal } from '@cordon/tokens'

import { grantTools, serverOf } from './grant-tools.ts'
import type { AttestedAgent } from './judge-actor.ts'
import { type Answer, refused } from './refusal.ts'
import { type ActiveRevocations, isToolRevoked, revokedScope } from './revocation-scope.ts'
import type { Bound, Subject } from './subject.ts'

/** What is known of a session that is asked for, or goes on; every signature has been verified. */
export interface SessionFacts {
  readonly bundle: Bundle
  readonly subject: Subject
  /** `undefined`: the human uses tools directly. */
  readonly agent: AttestedAgent | undefined
  /** Who would act, and who handed the work on. */
  readonly principal: Principal
  readonly tools: readonly string[]
  /** What asked for them, for people: `authorization_details`. */
  readonly askedBy: string
  /** The tool server that a token is asked for. */
  readonly server: string
  readonly revocations: ActiveRevocations
}

/** @returns why not; `undefined`: nothing speaks against it */
type Check = (facts: SessionFacts) => Answer<never> | undefined

const roleIsKnown: Check = ({ subject, bundle }) =>
  Object.hasOwn(bundle.roles, subject.role)
    ? undefined
    : refused(
        'ROLE_UNKNOWN',
        `role: expected one of ${Object.keys(bundle.roles).join(', ')}, got ${subject.role}`,
      )

/** A human alone is bound by no manifest, deployer or attestation: only clients that the bundle names for it may leave the agent out. */
const agentIsThere: Check = ({ agent, subject, principal, bundle }) => {
  if (agent !== undefined) return undefined
  if (principal.actor?.delegatedBy !== undefined)
    return refused(
      'ACTOR_REFUSED',
      'actor_token: expected the attestation of the agent that takes over, got none',
    )
  const { client, vouchedBy } = subject
  if (client === undefined)
    return refused(
      'ACTOR_REFUSED',
      'actor_token: expected one, because no human is here to use tools, got none',
    )
  const { providers } = bundle.identity
  const provider = Object.hasOwn(providers, vouchedBy.name) ? providers[vouchedBy.name] : undefined
  return provider?.directAudiences?.includes(client) === true
    ? undefined
    : refused(
        'ACTOR_REFUSED',
        `actor_token: expected the attestation of an agent, because humans of ${client} use tools through one, got none`,
      )
}

const agentIsMeant: Check = ({ subject, agent, principal }) => {
  if (subject.onlyAgent === undefined) return undefined
  const { agentId: meant, mayDelegate } = subject.onlyAgent
  const agentId = agent?.attestation.agentId ?? directHuman
  if (agentId === meant || (mayDelegate && principal.actor?.delegatedBy !== undefined)) return undefined
  return refused(
    'SUBJECT_REFUSED',
    `subject_token: expected a grant for agent ${agentId}, got one for ${meant}`,
  )
}

/** Each agent of a chain answers for its length: one that may not be in such a chain hands nothing on either. */
const chainIsAllowed: Check = ({ agent, principal, bundle }) => {
  const links = linksOf(principal)
  if (agent === undefined || links.length === 0) return undefined
  const manifests = links.map(link => manifestOf(link, bundle))
  const unknown = links.find((_, index) => manifests[index] === undefined)
  if (unknown !== undefined)
    return refused(
      'AGENT_UNKNOWN',
      `delegation: expected registered agents on their platforms, got ${unknown.agentId} on ${unknown.platform}`,
    )
  const limit = Math.min(
    maxDelegationDepth,
    ...[agent.manifest, ...manifests].map(manifest => manifest?.maxDelegationDepth ?? 0),
  )
  if (links.length <= limit) return undefined
  return refused(
    'DELEGATION_TOO_DEEP',
    `agent ${agent.attestation.agentId}: expected at most ${limit} agents between it and the human, got ${links.length}`,
  )
}

const nothingIsRevoked: Check = ({ principal, revocations }) => {
  const scope = revokedScope(revocations, principal)
  return scope === undefined
    ? undefined
    : refused('REVOKED', `session: expected nothing revoked, got ${scope}`)
}

/** Granted = what the human, each deployer and manifest of the chain, and the request have in common. */
const toolsAreAllowed: Check = ({ subject, agent, principal, tools, askedBy, bundle, revocations }) => {
  const granted = grantTools(tools, askedBy, {
    catalogue: bundle.catalogue,
    clearance: subject.clearance,
    bounds: [
      ...subject.bounds,
      ...(agent === undefined ? [] : boundsOf(agent.attestation.agentId, agent.manifest, bundle)),
      ...linksOf(principal).flatMap(link => {
        const manifest = manifestOf(link, bundle)
        return manifest === undefined ? [] : boundsOf(link.agentId, manifest, bundle)
      }),
    ],
    revoked: tool => isToolRevoked(revocations, tool),
  })
  return granted.ok ? undefined : granted
}

const serverIsAsked: Check = ({ tools, askedBy, server }) =>
  tools.some(tool => serverOf(tool) === server)
    ? undefined
    : refused('SERVER_REFUSED', `resource: expected a server that ${askedBy} asks for, got ${server}`)

const checks: readonly Check[] = [
  roleIsKnown,
  agentIsThere,
  agentIsMeant,
  chainIsAllowed,
  nothingIsRevoked,
  toolsAreAllowed,
  serverIsAsked,
]

/** The one judgement of a session by the bundle in force: when it opens, and whenever it goes on. @returns why not */
export const judgeSession = (facts: SessionFacts): Answer<never> | undefined => {
  for (const check of checks) {
    const refusal = check(facts)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

/** Who handed work on, the nearest first. */
const linksOf = ({ actor }: Principal): readonly Actor[] => {
  const links: Actor[] = []
  for (let by = actor?.delegatedBy; by !== undefined; by = by.delegatedBy) links.push(by)
  return links
}

const manifestOf = ({ agentId, platform }: Actor, { identity }: Bundle): Manifest | undefined => {
  const manifest = Object.hasOwn(identity.agents, agentId) ? identity.agents[agentId] : undefined
  return manifest?.platform === platform ? manifest : undefined
}

const boundsOf = (agentId: string, manifest: Manifest, { identity }: Bundle): readonly Bound[] => {
  const { deployers } = identity
  const deployer = Object.hasOwn(deployers, manifest.deployer) ? deployers[manifest.deployer] : undefined
  return [
    { by: `the deployer ${manifest.deployer}`, tools: deployer?.tools ?? [] },
    { by: `the manifest of ${agentId}`, tools: manifest.tools },
  ]
}
