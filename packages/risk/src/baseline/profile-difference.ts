import type { ResourceKind } from '@cordon/schemas'

import type { Profile, RateHabit, ResourceHabit } from './baselines.ts'

/**
 * What the others do: a role without one of its agents, everyone without one role. Without it an agent's own habits would
 * speak twice, and what is new to an agent that is alone in its role would count as new to two.
 */
export const profileDifference = (whole: Profile, part: Profile): Profile => {
  const counts = new Map(part.tools.map(([name, count]) => [name, count]))
  return {
    ...whole,
    sessions: without(whole.sessions, part.sessions),
    calls: without(whole.calls, part.calls),
    tools: whole.tools
      .map(
        ([name, count, sensitivity]) => [name, without(count, counts.get(name) ?? 0), sensitivity] as const,
      )
      .filter(([, count]) => count > 0),
    resources: Object.fromEntries(
      Object.entries(whole.resources).map(([kind, habit]) => [
        kind,
        resourceDifference(habit, part.resources[kind as ResourceKind]),
      ]),
    ),
    rate: rateDifference(whole.rate, part.rate),
    outcomes: {
      calls: without(whole.outcomes.calls, part.outcomes.calls),
      failures: without(whole.outcomes.failures, part.outcomes.failures),
    },
    sizes: whole.sizes.map((count, size) => without(count, part.sizes[size] ?? 0)),
    sinks: {
      calls: without(whole.sinks.calls, part.sinks.calls),
      foreign: without(whole.sinks.foreign, part.sinks.foreign),
      targets: without(whole.sinks.targets, part.sinks.targets),
      others: without(whole.sinks.others, part.sinks.others),
    },
    origins: originDifference(whole.origins, part.origins),
  }
}

const without = (whole: number, part: number): number => Math.max(0, whole - part)

const originDifference = (whole: Profile['origins'], part: Profile['origins']): Profile['origins'] => {
  const own = new Map(part.map(({ key, count }) => [key, count]))
  return whole
    .map(row => ({ ...row, count: without(row.count, own.get(row.key) ?? 0) }))
    .filter(({ count }) => count > 0)
}

// What both use stays: nobody asks whether others know what the agent itself knows.
const resourceDifference = (whole: ResourceHabit, part: ResourceHabit | undefined): ResourceHabit => ({
  draws: without(whole.draws, part?.draws ?? 0),
  distinct: without(whole.distinct, part?.distinct ?? 0),
  seen: whole.seen,
})

const rateDifference = (whole: RateHabit, part: RateHabit): RateHabit => {
  const sessions = without(whole.sessions, part.sessions)
  if (sessions === 0) return { sessions: 0, mean: 0, squares: 0 }
  const mean = without(whole.sessions * whole.mean, part.sessions * part.mean) / sessions
  const second = without(secondMoments(whole), secondMoments(part))
  return { sessions, mean, squares: without(second, sessions * mean * mean) }
}

const secondMoments = ({ sessions, mean, squares }: RateHabit): number => squares + sessions * mean * mean
