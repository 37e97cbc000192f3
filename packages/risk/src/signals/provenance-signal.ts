import type { EntityKind, InvocationAttempted, SessionOpened } from '@cordon/schemas'

import { broughtAlong } from '../session/entity-trail.ts'
import { limits } from '../session/limits.ts'
import { unknownTool } from '../session/origin-list.ts'
import type { Session } from '../session/session.ts'

/** Origin of an entity that may have come from a result, because not all of them could be kept. */
export const unclearOrigin = -1

/** Origin of an entity that came from a result, but nobody knows which. */
const someOrigin = -2

/** What of a sensitive call's arguments first appeared in an earlier result. */
export interface Taint {
  /** The argument that says what the call acts on is concerned. */
  readonly target: boolean
  /** Fewer than three sessions that were learned from have met it, in an argument or in a result. */
  readonly foreign: boolean
  /** Of the entity that stands for all: number of the result, `unclearOrigin`, or below that where it is one of many. */
  readonly origin: number
  readonly kind: EntityKind
  /** The ways that foreign targets took, each once; empty where there is none. */
  readonly routes: readonly TaintRoute[]
}

/** The way of a foreign target into a call. */
export interface TaintRoute {
  readonly kind: EntityKind
  readonly origin: number
  /** Position of the tool whose result it was in among the session's tools; `unknownTool` where that is not clear. */
  readonly source: number
}

const unclearRoute: TaintRoute = { kind: 'other', origin: unclearOrigin, source: unknownTool }
const noRoutes: readonly TaintRoute[] = []
const unclearMention: Taint = {
  target: false,
  foreign: false,
  origin: unclearOrigin,
  kind: 'other',
  routes: [],
}

/** Whether a call can do harm with what it is given. */
export const isSink = ({ mode, readOnly, sensitivity }: InvocationAttempted): boolean =>
  mode === 'gate' || (sensitivity >= 2 && !readOnly)

/** What finding a taint asks of a baseline. */
export interface KnownEntities {
  readonly agent: EntityHabit
  readonly role: EntityHabit
  readonly all: EntityHabit
}

/** Which entities somebody's sessions have met. */
export interface EntityHabit {
  /** In arguments. */
  usesEntity(fingerprint: number): boolean
  /** In arguments or results. */
  metEntity(fingerprint: number): boolean
}

/**
 * Argument provenance: the argument whose entity came up in a result before any argument carried it and is not one the
 * agent uses anyway; of several the gravest, which is a foreign target, then a known one, then the first other argument.
 * Changes nothing.
 */
export const findTaint = (
  session: Session,
  attempt: InvocationAttempted,
  known: KnownEntities,
): Taint | undefined => {
  const { entities } = session
  const count = Math.min(attempt.entities.length, limits.entitiesPerCall)
  let routes: TaintRoute[] | undefined = undefined
  let gravest: Taint | undefined = undefined
  for (let position = 0; position < count; position += 1) {
    const { fingerprint, kind, target } = attempt.entities[position]!
    if (gravest !== undefined && !target) continue
    const origin = originOf(session, fingerprint)
    if (origin === broughtAlong || origin === undefined) continue
    if (known.agent.usesEntity(fingerprint)) continue
    const foreign = target && isForeign(known, fingerprint)
    if (foreign) routes = withRoute(routes, routeOf(session, kind, origin))
    else if (gravest?.target !== true) gravest = { target, foreign, origin, kind, routes: noRoutes }
  }
  const overflow = attempt.entitiesOverflow || attempt.entities.length > count
  if (overflow && (session.origins.size > 0 || entities.overflowed)) {
    // Engines list targets first: where another argument's entity stands last, no target was cut off.
    if (count > 0 && !attempt.entities[count - 1]!.target) gravest ??= unclearMention
    else routes = withRoute(routes, unclearRoute)
  }
  const first = routes?.[0]
  return routes === undefined || first === undefined
    ? gravest
    : { target: true, foreign: true, origin: first.origin, kind: first.kind, routes }
}

/** Undefined: it has not appeared. */
const originOf = ({ entities, wording }: Session, fingerprint: number): number | undefined => {
  const origin = entities.originOf(fingerprint)
  if (origin !== undefined) return origin
  if (entities.spilled && wording.holdsEntity(fingerprint)) return someOrigin
  return entities.overflowed ? unclearOrigin : undefined
}

/** Whether the call acts on something that neither the agent nor the session knew: it came with the request. */
export const bringsNewTarget = (
  session: Session,
  attempt: InvocationAttempted,
  { agent }: Pick<KnownEntities, 'agent'>,
): boolean => {
  if (session.entities.overflowed) return false
  const count = Math.min(attempt.entities.length, limits.entitiesPerCall)
  for (let position = 0; position < count; position += 1) {
    const { fingerprint, target } = attempt.entities[position]!
    if (target && originOf(session, fingerprint) === undefined && !agent.usesEntity(fingerprint)) return true
  }
  return false
}

/** Whether the call acts on something that the human named, or that the session had before any result did. */
export const actsOnOwnTarget = (session: Session, attempt: InvocationAttempted): boolean => {
  const count = Math.min(attempt.entities.length, limits.entitiesPerCall)
  for (let position = 0; position < count; position += 1) {
    const { fingerprint, target } = attempt.entities[position]!
    if (target && session.entities.originOf(fingerprint) === broughtAlong) return true
  }
  return false
}

const isForeign = ({ agent, role, all }: KnownEntities, fingerprint: number): boolean =>
  !agent.metEntity(fingerprint) && !role.metEntity(fingerprint) && !all.metEntity(fingerprint)

// What did not fit may have come from anywhere, whatever it is.
const routeOf = ({ origins }: Session, kind: EntityKind, origin: number): TaintRoute => {
  if (origin === unclearOrigin) return unclearRoute
  return { kind, origin, source: origin === someOrigin ? unknownTool : origins.toolOf(origin) }
}

const withRoute = (routes: TaintRoute[] | undefined, route: TaintRoute): TaintRoute[] => {
  if (routes === undefined) return [route]
  for (const { kind, source } of routes) if (kind === route.kind && source === route.source) return routes
  routes.push(route)
  return routes
}

/** What the human asked for comes from the human, wherever it comes up later. */
export const rememberIntent = (
  { entities, asked }: Session,
  { intent, intentWording }: SessionOpened,
): void => {
  asked.add(intentWording)
  const count = Math.min(intent?.length ?? 0, limits.entitiesPerCall)
  for (let position = 0; position < count; position += 1) {
    const { fingerprint } = intent![position]!
    if (entities.originOf(fingerprint) === undefined) entities.add(fingerprint, broughtAlong)
  }
}

/** Remembers what the session brought along. What may have come from a lost result is not taken for its own. */
export const rememberArguments = (session: Session, attempt: InvocationAttempted): void => {
  const { entities } = session
  if (entities.overflowed) return
  const count = Math.min(attempt.entities.length, limits.entitiesPerCall)
  for (let position = 0; position < count; position += 1) {
    const { fingerprint } = attempt.entities[position]!
    if (originOf(session, fingerprint) === undefined) entities.add(fingerprint, broughtAlong)
  }
}
