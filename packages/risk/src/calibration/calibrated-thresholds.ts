import type { BaselineView } from '../baseline/baseline-view.ts'
import { defaultThresholds } from '../standing/thresholds.ts'
import type { Thresholds } from '../standing/thresholds.ts'
import type { Work } from '../standing/work.ts'
import { noPeaks, quantileOf } from './calibration.ts'
import type { Peaks } from './calibration.ts'

/** The share of sessions in good standing that a level may be held against by mistake. */
export interface FalseAlarms {
  readonly verify: number
  readonly readOnly: number
  readonly suspend: number
}

export const defaultFalseAlarms: FalseAlarms = { verify: 0.05, readOnly: 0.01, suspend: 0.001 }

/**
 * What a threshold rests on: the bundle, sessions of the role, sessions of every role, or, where these are too few, a
 * model of how evidence is distributed.
 */
export type ThresholdBasis = 'bundle' | 'role' | 'pool' | 'model'

/** Thresholds, and what each rests on. */
export interface GroundedThresholds extends Thresholds {
  readonly basis: Readonly<Record<keyof Thresholds, ThresholdBasis>>
}

/** Nobody is held up on evidence that is weaker, however quiet the sessions were. */
const weakest: Thresholds = { verify: 1, readOnly: 2, suspend: 4 }

// The quantile itself is allowed: evidence goes beyond it by any amount.
const beyond = 1e-9

/**
 * The thresholds of sessions that do that sort of work. A step-up costs a human a glance, so it is set for the next session;
 * whatever stops work has to keep its promise for work that nobody has done before, too.
 */
export const calibratedThresholds = (
  { role, all }: BaselineView['peaks'],
  work: Work,
  falseAlarms: FalseAlarms,
): GroundedThresholds => {
  const sort = work === 'new' ? 'new' : 'recurring'
  const verify = threshold('verify', role?.expected[sort] ?? noPeaks, all.expected[sort], falseAlarms)
  const readOnly = threshold('readOnly', role?.unseen[sort] ?? noPeaks, all.unseen[sort], falseAlarms)
  const suspend = threshold('suspend', role?.unseen[sort] ?? noPeaks, all.unseen[sort], falseAlarms)
  return {
    verify: verify.nats,
    readOnly: Math.max(verify.nats, readOnly.nats),
    suspend: Math.max(verify.nats, readOnly.nats, suspend.nats),
    basis: { verify: verify.basis, readOnly: readOnly.basis, suspend: suspend.basis },
  }
}

interface GroundedThreshold {
  readonly nats: number
  readonly basis: ThresholdBasis
}

const threshold = (
  level: keyof Thresholds,
  ofRole: Peaks,
  ofAll: Peaks,
  falseAlarms: FalseAlarms,
): GroundedThreshold => {
  const share = falseAlarms[level]
  const own = quantileOf(ofRole, share)
  const pooled = own ?? quantileOf(ofAll, share)
  const nats = pooled ?? extrapolated(ofAll, share) ?? defaultThresholds[level]
  const basis = own !== undefined ? 'role' : pooled !== undefined ? 'pool' : 'model'
  return { nats: Math.max(weakest[level], nats + beyond), basis }
}

/**
 * Beyond what the sessions can tell: evidence is a logarithm of a likelihood ratio, so under the baseline one more nat
 * is e times rarer (Ville's inequality). @returns undefined where there are no sessions to start from
 */
const extrapolated = (peaks: Peaks, share: number): number | undefined => {
  const rarest = 1 / (peaks.sessions + 1)
  const highest = peaks.highest[0]
  return highest === undefined ? undefined : highest[0] + Math.log(rarest / share)
}
