import type { BaselineView } from '../baseline/baseline-view.ts'
import type { ProfileView } from '../baseline/profile-view.ts'
import { calibratedThresholds } from '../calibration/calibrated-thresholds.ts'
import type { GroundedThresholds } from '../calibration/calibrated-thresholds.ts'
import type { KernelSettings } from '../kernel-options.ts'
import type { Work } from '../standing/work.ts'
import { model } from './model.ts'
import { ratePrior } from './rate-signal.ts'
import type { RatePrior } from './rate-signal.ts'
import { hedgedNats } from './signal.ts'

/** What a baseline makes us expect of any call, worked out once per session: agent shrunk to role shrunk to all. */
export interface Expectations {
  readonly baseline: BaselineView
  readonly rate: RatePrior
  /** Shares of sensitive calls. */
  readonly taints: {
    /** Whose target came from a result, and nobody has met. */
    readonly foreign: number
    /** Whose target came from a result, and is known. */
    readonly targets: number
    /** Of which only another argument did. */
    readonly others: number
  }
  /** Nothing is known of the agent and its role: nobody can say what is new to them, nor what is usual. */
  readonly isUnknown: boolean
  /** A foreign target of which the ratio says so much is held in mode `gate`. */
  readonly gateNats: number
  /** Share of calls that fail. */
  readonly failures: number
  readonly thresholds: Readonly<Record<Work, GroundedThresholds>>
}

/** What of a kernel's settings they depend on. */
type ThresholdSettings = Pick<KernelSettings, 'thresholds' | 'falseAlarms'>

export const expectationsOf = (baseline: BaselineView, settings: ThresholdSettings): Expectations => {
  const { provenance, failures } = model
  // What others do is no excuse for an agent of which nothing is known.
  const known = isUnknown(baseline) ? [] : [baseline.all, baseline.role, baseline.agent]
  const ofSinks = (generic: number, kind: 'foreign' | 'targets' | 'others'): number =>
    shrink(known, generic, provenance.parentCalls, ({ sinks }) => [sinks[kind], sinks.calls])
  return {
    baseline,
    rate: ratePrior(baseline),
    taints: {
      foreign: ofSinks(provenance.usualForeign, 'foreign'),
      targets: ofSinks(provenance.usualTargets, 'targets'),
      others: ofSinks(provenance.usualOthers, 'others'),
    },
    isUnknown: isUnknown(baseline),
    gateNats: gateNatsOf(baseline, settings),
    failures: shrink(
      [baseline.all, baseline.role, baseline.agent],
      failures.usualShare,
      failures.parentCalls,
      ({ outcomes }) => [outcomes.failures, outcomes.calls],
    ),
    thresholds: {
      untold: thresholdsOf(baseline, 'untold', settings),
      recurring: thresholdsOf(baseline, 'recurring', settings),
      new: thresholdsOf(baseline, 'new', settings),
    },
  }
}

/**
 * As rare among the calls of a tool as sessions may be touched by mistake. Where nothing is known of the agent and its role,
 * nobody can say what is usual there, and any is held.
 */
const isUnknown = ({ agent, role }: BaselineView): boolean => agent.sessions + role.sessions === 0

const { misuseForeign, hedge, unforeseen } = model.provenance

const gateNatsOf = (baseline: BaselineView, { falseAlarms }: ThresholdSettings): number =>
  isUnknown(baseline) ? -Infinity : hedgedNats(misuseForeign / falseAlarms.verify, hedge, unforeseen)

const thresholdsOf = (
  { peaks }: BaselineView,
  work: Work,
  { thresholds, falseAlarms }: ThresholdSettings,
): GroundedThresholds =>
  thresholds === undefined
    ? calibratedThresholds(peaks, work, falseAlarms)
    : { ...thresholds, basis: { verify: 'bundle', readOnly: 'bundle', suspend: 'bundle' } }

const shrink = (
  profiles: readonly ProfileView[],
  generic: number,
  parentCalls: number,
  countsOf: (profile: ProfileView) => readonly [hits: number, calls: number],
): number => {
  let share = generic
  for (const profile of profiles) {
    const [hits, calls] = countsOf(profile)
    share = (hits + parentCalls * share) / (calls + parentCalls)
  }
  return share
}
