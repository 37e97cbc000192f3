import type { EntityKind, InvocationAttempted } from '@cordon/schemas'

import { broughtAlong } from '../session/entity-trail.ts'
import { limits } from '../session/limits.ts'
import type { Session } from '../session/session.ts'
import type { Expectations } from './expectations.ts'
import { model } from './model.ts'
import { hedgedNats } from './signal.ts'

const { misuseTargets, misuseOthers, hedge, maxNats } = model.provenance

/** Origin of an entity that may have come from a result, because not all of them could be kept. */
export const unclearOrigin = -1

/** What of a sensitive call's arguments first appeared in an earlier result. */
export interface Taint {
  /** The argument that says what the call acts on is concerned. */
  readonly target: boolean
  /** Number of the result, or `unclearOrigin`. */
  readonly origin: number
  readonly kind: EntityKind
}

const overflowed: Taint = { target: false, origin: unclearOrigin, kind: 'other' }

/** Whether a call can do harm with what it is given. */
export const isSink = ({ mode, readOnly, sensitivity }: InvocationAttempted): boolean =>
  mode === 'gate' || (sensitivity >= 2 && !readOnly)

/**
 * Argument provenance: the first target, else the first other argument, whose entity came up in a result before any
 * argument carried it and is not one the agent uses anyway. Changes nothing.
 */
export const findTaint = (
  session: Session,
  attempt: InvocationAttempted,
  agent: { knowsEntity(fingerprint: number): boolean } | undefined,
): Taint | undefined => {
  const { entities } = session
  const count = Math.min(attempt.entities.length, limits.entitiesPerCall)
  let other: Taint | undefined = undefined
  for (let position = 0; position < count; position += 1) {
    const { fingerprint, kind, target } = attempt.entities[position]!
    if (other !== undefined && !target) continue
    const origin = entities.originOf(fingerprint)
    if (origin === broughtAlong) continue
    if (origin === undefined && !entities.overflowed) continue
    if (agent?.knowsEntity(fingerprint) === true) continue
    const taint = { target, origin: origin ?? unclearOrigin, kind }
    if (target) return taint
    other = taint
  }
  const overflow = attempt.entitiesOverflow || attempt.entities.length > count
  if (!overflow || (session.origins.size === 0 && !entities.overflowed)) return other
  // Engines list targets first: where another argument's entity stands last, no target was cut off.
  const targetsFit = count > 0 && !attempt.entities[count - 1]!.target
  return targetsFit ? (other ?? overflowed) : { ...overflowed, target: true }
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
export const provenanceNats = (usual: Expectations, taint: Taint | undefined): number => {
  const ratio =
    taint === undefined
      ? (1 - misuseTargets - misuseOthers) / (1 - usual.targets - usual.others)
      : taint.target
        ? misuseTargets / usual.targets
        : misuseOthers / usual.others
  return hedgedNats(ratio, hedge, maxNats)
}
