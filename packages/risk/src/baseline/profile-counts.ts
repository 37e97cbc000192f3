import type { Profile } from './baselines.ts'
import { nothingAfter, nothingBefore } from '../lesson/lesson.ts'
import type { KeyCounts, LearnedCounts } from './learned-counts.ts'
import { sessionsToKnow } from './profile-builder.ts'
import { resourceKinds } from './resource-key.ts'

/** What a builder goes on from where only the profile is left: a key that is known counts for the least that made it known. */
export const countsOfProfile = (profile: Profile): LearnedCounts => {
  const nameAt = (position: number): string =>
    position < 0 ? nothingBefore : (profile.tools[position]?.[0] ?? nothingBefore)
  const habits = resourceKinds.flatMap(kind => {
    const habit = profile.resources[kind]
    return habit === undefined ? [] : [{ kind, ...habit }]
  })
  const seen = habits.flatMap(({ kind, seen: keys }) => keys.map(key => ({ kind, key })))
  return {
    sessions: profile.sessions,
    calls: profile.calls,
    tools: profile.tools,
    after: [
      ...profile.after.map(
        ([previous, tool, count]) => [`${nameAt(previous)}\n${nameAt(tool)}`, count] as const,
      ),
      ...profile.ends.after.map(
        ([previous, count]) => [`${nameAt(previous)}\n${nothingAfter}`, count] as const,
      ),
    ],
    afterTwo: [
      ...profile.afterTwo.map(
        ([beforeThat, previous, tool, count]) =>
          [[beforeThat, previous, tool].map(nameAt).join('\n'), count] as const,
      ),
      ...profile.ends.afterTwo.map(
        ([beforeThat, previous, count]) =>
          [[nameAt(beforeThat), nameAt(previous), nothingAfter].join('\n'), count] as const,
      ),
    ],
    draws: habits.map(({ kind, draws, distinct }) => [kind, draws, distinct]),
    kinds: seen.map(({ kind }) => resourceKinds.indexOf(kind)),
    seen: counted(
      seen.map(({ key }) => key),
      1,
    ),
    entities: counted(profile.entities, sessionsToKnow),
    met: counted(profile.met, sessionsToKnow),
    parameters: profile.parameters,
    values: counted(profile.values, 1),
    sizes: profile.sizes,
    rate: profile.rate,
    outcomes: profile.outcomes,
    sinks: profile.sinks,
    origins: profile.origins,
  }
}

const counted = (keys: readonly number[], count: number): KeyCounts => ({
  keys,
  counts: keys.map(() => count),
})
