import { emptyProfile } from './baselines.ts'
import type { Profile, ResourceHabit } from './baselines.ts'
import type { JsonField } from './json-field.ts'
import { encodeKeys, parseKeys } from './key-list.ts'
import { parseOrigins, storedOrigins } from './origin-json.ts'
import { parseParameters } from './parameter-rows.ts'
import { resourceKinds } from './resource-key.ts'

/** As it stands in a JSON document. */
export const storedProfile = (profile: Profile): unknown => ({
  ...profile,
  resources: Object.fromEntries(
    Object.entries(profile.resources).map(([kind, habit]) => [
      kind,
      { ...habit, seen: encodeKeys(habit.seen) },
    ]),
  ),
  entities: encodeKeys(profile.entities),
  met: encodeKeys(profile.met),
  values: encodeKeys(profile.values),
  origins: storedOrigins(profile.origins),
})

/** @throws RiskError `BASELINES_MALFORMED` */
export const parseProfile = (profile: JsonField): Profile => {
  const tools = profile
    .field('tools')
    .list(entry => [entry.item(0, 3).text(), entry.item(1, 3).count(), entry.item(2, 3).count()] as const)
  const tool = (position: JsonField): number => position.position(0, tools.length)
  const toolOrStart = (position: JsonField): number => position.position(-1, tools.length)
  return {
    sessions: profile.field('sessions').count(),
    calls: profile.field('calls').count(),
    tools,
    after: profile
      .field('after')
      .list(
        entry => [toolOrStart(entry.item(0, 3)), tool(entry.item(1, 3)), entry.item(2, 3).count()] as const,
      ),
    afterTwo: profile
      .field('afterTwo')
      .list(
        entry =>
          [
            toolOrStart(entry.item(0, 4)),
            toolOrStart(entry.item(1, 4)),
            tool(entry.item(2, 4)),
            entry.item(3, 4).count(),
          ] as const,
      ),
    ends: endsOf(profile.optional('ends'), toolOrStart),
    resources: resourcesOf(profile.field('resources')),
    entities: parseKeys(profile.field('entities')),
    met: parseKeys(profile.field('met')),
    parameters: parseParameters(profile.field('parameters')),
    values: parseKeys(profile.field('values')),
    sizes: profile.field('sizes').list(count => count.count()),
    rate: {
      sessions: profile.field('rate').field('sessions').count(),
      mean: profile.field('rate').field('mean').amount(),
      squares: profile.field('rate').field('squares').amount(),
    },
    outcomes: {
      calls: profile.field('outcomes').field('calls').count(),
      failures: profile.field('outcomes').field('failures').count(),
    },
    sinks: {
      calls: profile.field('sinks').field('calls').count(),
      foreign: profile.field('sinks').field('foreign').count(),
      targets: profile.field('sinks').field('targets').count(),
      others: profile.field('sinks').field('others').count(),
    },
    origins: parseOrigins(profile.optional('origins')),
  }
}

const endsOf = (
  ends: JsonField | undefined,
  toolOrStart: (position: JsonField) => number,
): Profile['ends'] =>
  ends === undefined
    ? emptyProfile.ends
    : {
        after: ends
          .field('after')
          .list(entry => [toolOrStart(entry.item(0, 2)), entry.item(1, 2).count()] as const),
        afterTwo: ends
          .field('afterTwo')
          .list(
            entry =>
              [
                toolOrStart(entry.item(0, 3)),
                toolOrStart(entry.item(1, 3)),
                entry.item(2, 3).count(),
              ] as const,
          ),
      }

const resourcesOf = (resources: JsonField): Profile['resources'] =>
  resources.record(
    (habit): ResourceHabit => ({
      draws: habit.field('draws').count(),
      distinct: habit.field('distinct').count(),
      seen: parseKeys(habit.field('seen')),
    }),
    resourceKinds,
  )
