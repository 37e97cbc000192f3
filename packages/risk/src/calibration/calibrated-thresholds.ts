import type { BaselineView } from '../baseline/baseline-view.ts'
import { model } from '../signals/model.ts'
import { defaultThresholds } from '../standing/thresholds.ts'
import type { Thresholds } from '../standing/thresholds.ts'
import type { Work } from '../standing/work.ts'
import { maxFolds, noPeaks, quantileOf } from './calibration.ts'
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

/**
 * Nobody is held up on evidence that is weaker, however quiet the sessions were; nor suspended on what haste, a result, or somebody who
 * has one captured call may bring towards it at most.
 */
const weakest: Thresholds = {
  verify: 1,
  readOnly: 2,
  suspend:
    1 +
    Math.max(
      model.rate.suspendingNats,
      model.provenance.suspendingNats,
      model.integrity.maxBreachNats,
      model.history.maxNats,
    ),
}

/**
 * The quantile itself is allowed, and what the same deeds bring once everything is learned: what is new is rarer in all sessions than
 * in the nine tenths that judged for the calibration, by as much.
 */
const beyond = Math.log(maxFolds / (maxFolds - 1))

/**
 * The thresholds of sessions that do that sort of work. Where no session was like those that judged it, as happens where tasks have little in
 * common, those that were new stand in: what is like earlier work is no more unusual, and the model knows less of either.
 */
export const calibratedThresholds = (
  { role, all }: BaselineView['peaks'],
  work: Work,
  falseAlarms: FalseAlarms,
): GroundedThresholds => {
  const sort = work === 'new' || all.recurring.sessions === 0 ? 'new' : 'recurring'
  const verify = threshold('verify', role?.[sort] ?? noPeaks, all[sort], falseAlarms)
  const readOnly = threshold('readOnly', role?.[sort] ?? noPeaks, all[sort], falseAlarms)
  const suspend = threshold('suspend', role?.[sort] ?? noPeaks, all[sort], falseAlarms)
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
