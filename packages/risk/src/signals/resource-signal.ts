import type { InvocationAttempted, Resource } from '@cordon/schemas'

import type { BaselineView } from '../baseline/baseline-view.ts'
import type { ProfileView } from '../baseline/profile-view.ts'
import { resourceKey } from '../baseline/resource-key.ts'
import { limits } from '../session/limits.ts'
import type { Session } from '../session/session.ts'
import { model } from './model.ts'
import { hedgedNats } from './signal.ts'

const { discount, strength, parentUses, misuseShare, hedge, unforeseen } = model.resource

/** What the resources of one call say. */
export interface ResourceFinding {
  readonly nats: number
  /** The one that speaks loudest for misuse, if one is new. */
  readonly novel: Resource | undefined
  /** Nobody in the role has touched it either. */
  readonly novelToRole: boolean
}

const nothing: ResourceFinding = { nats: 0, novel: undefined, novelToRole: false }

/**
 * Novel resource: is it new to the agent, and if so, is it new to the role? Each against how often something new of that
 * kind is to be expected (`P_new`). A resource counts once per session.
 */
export const judgeResources = (
  session: Session,
  baseline: BaselineView,
  attempt: InvocationAttempted,
): ResourceFinding => {
  const count = Math.min(attempt.resources.length, limits.resourcesPerCall)
  if (count === 0) return nothing
  const { agent, role } = baseline
  let ratio = 1
  let counted = false
  let novel: Resource | undefined = undefined
  let novelToRole = false
  let loudest = 1
  for (let position = 0; position < count; position += 1) {
    const resource = attempt.resources[position]!
    const key = resourceKey(resource.kind, resource.name)
    if (session.knowsResource(key)) continue
    session.rememberResource(key)
    counted = true
    const inAgent = agent.resourcesOf(resource.kind).seen.has(key | 0)
    const inRole = role.resourcesOf(resource.kind).seen.has(key | 0)
    const own = ratioOf(agent, role, resource, inAgent)
    const factor = inAgent ? own : own * ratioOf(role, undefined, resource, inRole)
    ratio *= factor
    if (inAgent || factor <= loudest) continue
    loudest = factor
    novel = resource
    novelToRole = !inRole && role.resourcesOf(resource.kind).draws > 0
  }
  return counted ? { nats: hedgedNats(ratio, hedge, unforeseen), novel, novelToRole } : nothing
}

// Where nothing was learned, everything is new and that says nothing.
const ratioOf = (
  profile: ProfileView,
  parent: ProfileView | undefined,
  { kind }: Resource,
  known: boolean,
): number => {
  const { draws, distinct } = profile.resourcesOf(kind)
  if (draws === 0) return 1
  const own = discount * distinct + strength
  const above = parent?.resourcesOf(kind)
  const shrunk =
    above === undefined || above.draws === 0
      ? own / (draws + strength)
      : (own + parentUses * ((discount * above.distinct + strength) / (above.draws + strength))) /
        (draws + strength + parentUses)
  const novelty = Math.min(shrunk, 1 - 1e-3)
  return known ? Math.min(1, (1 - misuseShare) / (1 - novelty)) : Math.max(1, misuseShare / novelty)
}
