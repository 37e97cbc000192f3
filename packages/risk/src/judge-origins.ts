import type { InvocationAttempted } from '@cordon/schemas'

import { nameKey } from './hash.ts'
import type { Session } from './session/session.ts'
import type { Expectations } from './signals/expectations.ts'
import { isFamiliar, judgeTaint, noProvenance } from './signals/provenance-nats.ts'
import type { ProvenanceFinding } from './signals/provenance-nats.ts'
import { bringsNewTarget, findTaint, isSink } from './signals/provenance-signal.ts'
import type { Taint } from './signals/provenance-signal.ts'
import { isGated } from './standing/gate-rule.ts'

/** Where what a call carries comes from. */
export interface Origins {
  /** See `findTaint`. */
  readonly taint: Taint | undefined
  /** See `judgeTaint`; nothing where the call is not judged by it. */
  readonly provenance: ProvenanceFinding
  /** See `bringsNewTarget`. */
  readonly isNewTarget: boolean
  /** The gate rule holds the call. */
  readonly isGated: boolean
}

const unguarded: Origins = { taint: undefined, provenance: noProvenance, isNewTarget: false, isGated: false }

/**
 * Looks where the arguments of a call come from; only calls that can do harm are asked. Changes nothing.
 * @param weight of the signal; 0 silences the gate rule too
 */
export const judgeOrigins = (
  session: Session,
  attempted: InvocationAttempted,
  expected: Expectations,
  weight: number,
): Origins => {
  if (weight === 0 || !isSink(attempted)) return unguarded
  const { baseline } = expected
  const taint = findTaint(session, attempted, baseline)
  const tool = nameKey(attempted.tool)
  const provenance =
    taint !== undefined || isFamiliar(attempted, baseline.agent, tool)
      ? judgeTaint(session, expected, tool, taint)
      : noProvenance
  return {
    taint,
    provenance,
    isNewTarget: taint === undefined && bringsNewTarget(session, attempted, baseline),
    isGated: isGated(expected, attempted, taint, provenance),
  }
}
