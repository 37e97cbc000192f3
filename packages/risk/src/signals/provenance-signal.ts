import type { EntityKind, InvocationAttempted, SessionOpened } from '@cordon/schemas'

import { broughtAlong } from '../session/entity-trail.ts'
import { limits } from '../session/limits.ts'
import type { Session } from '../session/session.ts'
import type { Expectations } from './expectations.ts'
import { model } from './model.ts'
import { hedgedNats } from './signal.ts'

const { misuseForeign, misuseTargets, misuseOthers, hedge, maxNats } = model.provenance

/** Origin of an entity that may have come from a result, because not all of them could be kept. */
export const unclearOrigin = -1

/** What of a sensitive call's arguments first appeared in an earlier result. */
export interface Taint {
  /** The argument that says what the call acts on is concerned. */
  readonly target: boolean
  /** Fewer than three sessions that were learned from have met it, in an argument or in a result. */
  readonly foreign: boolean
  /** Number of the result, or `unclearOrigin`. */
  readonly origin: number
  readonly kind: EntityKind
}

const overflowed: Taint = { target: false, foreign: true, origin: unclearOrigin, kind: 'other' }

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
  let gravest: Taint | undefined = undefined
  for (let position = 0; position < count; position += 1) {
    const { fingerprint, kind, target } = attempt.entities[position]!
    if (gravest !== undefined && (!target || gravest.foreign)) continue
    const origin = entities.originOf(fingerprint)
    if (origin === broughtAlong) continue
    if (origin === undefined && !entities.overflowed) continue
    if (known.agent.usesEntity(fingerprint)) continue
    const foreign = target && isForeign(known, fingerprint)
    if (gravest?.target === true && !foreign) continue
    gravest = { target, foreign, origin: origin ?? unclearOrigin, kind }
  }
  const overflow = attempt.entitiesOverflow || attempt.entities.length > count
  if (!overflow || (session.origins.size === 0 && !entities.overflowed)) return gravest
  // Engines list targets first: where another argument's entity stands last, no target was cut off.
  const targetsFit = count > 0 && !attempt.entities[count - 1]!.target
  return targetsFit ? (gravest ?? { ...overflowed, foreign: false }) : { ...overflowed, target: true }
}

const isForeign = ({ agent, role, all }: KnownEntities, fingerprint: number): boolean =>
  !agent.metEntity(fingerprint) && !role.metEntity(fingerprint) && !all.metEntity(fingerprint)

/** What the human asked for comes from the human, wherever it comes up later. */
export const rememberIntent = ({ entities }: Session, { intent }: SessionOpened): void => {
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
    if (entities.originOf(fingerprint) === undefined) entities.add(fingerprint, broughtAlong)
  }
}

/** @param taint of a sensitive call */
export const provenanceNats = ({ taints }: Expectations, taint: Taint | undefined): number =>
  hedgedNats(ratioOf(taints, taint), hedge, maxNats)

const ratioOf = ({ foreign, targets, others }: Expectations['taints'], taint: Taint | undefined): number => {
  if (taint === undefined)
    return (1 - misuseForeign - misuseTargets - misuseOthers) / (1 - foreign - targets - others)
  if (taint.foreign) return misuseForeign / foreign
  return taint.target ? misuseTargets / targets : misuseOthers / others
}
