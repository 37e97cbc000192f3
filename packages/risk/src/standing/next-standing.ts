import type { Standing } from '@cordon/schemas'

import { standingMoves } from './standing-moves.ts'
import { relief, thresholdOf } from './thresholds.ts'
import type { Thresholds } from './thresholds.ts'

/** How a session has conducted itself in its present standing. */
export interface Conduct {
  readonly standing: Standing
  /** Calls in a row without evidence. */
  readonly conforming: number
}

/**
 * The standing that follows from the evidence, with hysteresis.
 * @param heldMs milliseconds in the present standing
 * @param suspending what of the evidence may suspend: see `suspendingEvidence`
 */
export const nextStanding = (
  conduct: Conduct,
  heldMs: number,
  evidence: number,
  thresholds: Thresholds,
  suspending: number = evidence,
): Standing => {
  if (conduct.standing === 'trusted' && evidence < thresholds.verify) return 'trusted'
  const moves = standingMoves[conduct.standing]
  if (suspending >= thresholds.suspend) return moves.suspend
  if (evidence >= thresholds.readOnly) return moves.readOnly
  if (evidence >= thresholds.verify && conduct.standing === 'trusted') return moves.verify
  return isRelieved(conduct, heldMs, evidence, thresholds) ? moves.relief : conduct.standing
}

const isRelieved = (
  { standing, conforming }: Conduct,
  heldMs: number,
  evidence: number,
  thresholds: Thresholds,
): boolean => {
  const threshold = thresholdOf(standing, thresholds)
  return (
    threshold !== undefined &&
    evidence <= Math.max(0, threshold - relief.nats) &&
    conforming >= relief.conformingCalls &&
    heldMs >= relief.afterMs
  )
}
