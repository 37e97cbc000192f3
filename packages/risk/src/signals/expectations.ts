import type { BaselineView } from '../baseline/baseline-view.ts'
import type { ProfileView } from '../baseline/profile-view.ts'
import { model } from './model.ts'
import { ratePrior } from './rate-signal.ts'
import type { RatePrior } from './rate-signal.ts'

/** What a baseline makes us expect of any call, worked out once per session: agent shrunk to role shrunk to all. */
export interface Expectations {
  readonly baseline: BaselineView
  readonly rate: RatePrior
  /** Share of sensitive calls whose target came from a result. */
  readonly targets: number
  /** Share of sensitive calls of which only another argument did. */
  readonly others: number
  /** Share of calls that fail. */
  readonly failures: number
}

export const expectationsOf = (baseline: BaselineView): Expectations => {
  const { provenance, failures } = model
  return {
    baseline,
    rate: ratePrior(baseline),
    targets: shrink(baseline, provenance.usualTargets, provenance.parentCalls, profile => [
      profile.sinks.targets,
      profile.sinks.calls,
    ]),
    others: shrink(baseline, provenance.usualOthers, provenance.parentCalls, profile => [
      profile.sinks.others,
      profile.sinks.calls,
    ]),
    failures: shrink(baseline, failures.usualShare, failures.parentCalls, ({ outcomes }) => [
      outcomes.failures,
      outcomes.calls,
    ]),
  }
}

const shrink = (
  { agent, role, all }: BaselineView,
  generic: number,
  parentCalls: number,
  countsOf: (profile: ProfileView) => readonly [hits: number, calls: number],
): number => {
  let share = generic
  for (const profile of [all, role, agent]) {
    const [hits, calls] = countsOf(profile)
    share = (hits + parentCalls * share) / (calls + parentCalls)
  }
  return share
}
