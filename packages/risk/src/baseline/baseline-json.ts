import { RiskError } from '../risk-error.ts'
import type { Baselines, Profile, ResourceHabit } from './baselines.ts'
import { JsonField } from './json-field.ts'
import { resourceKinds } from './resource-key.ts'

/** Version of the format; another one is refused. */
export const baselinesFormat = 1

/** The same baselines always give the same text. */
export const encodeBaselines = ({ version, agents, roles, all }: Baselines): string =>
  JSON.stringify({ format: baselinesFormat, version, agents: sorted(agents), roles: sorted(roles), all })

/** @throws RiskError `BASELINES_MALFORMED`, which names the place, what was expected and what was got */
export const parseBaselines = (text: string): Baselines => {
  const root = new JsonField(parseJson(text), 'baselines')
  const format = root.field('format').count()
  if (format !== baselinesFormat) throw root.field('format').problem(`format ${baselinesFormat}`)
  return {
    version: root.field('version').count(),
    agents: root.field('agents').record(profileOf),
    roles: root.field('roles').record(profileOf),
    all: profileOf(root.field('all')),
  }
}

const sorted = (profiles: Readonly<Record<string, Profile>>): Record<string, Profile> =>
  Object.fromEntries(Object.entries(profiles).sort(([a], [b]) => (a < b ? -1 : 1)))

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new RiskError(
      'BASELINES_MALFORMED',
      `baselines: expected JSON, got ${text.length} characters of something else`,
    )
  }
}

const profileOf = (profile: JsonField): Profile => {
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
    resources: resourcesOf(profile.field('resources')),
    entities: profile.field('entities').list(entity => entity.count()),
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
      targets: profile.field('sinks').field('targets').count(),
      others: profile.field('sinks').field('others').count(),
    },
  }
}

const resourcesOf = (resources: JsonField): Profile['resources'] =>
  resources.record(
    (habit): ResourceHabit => ({
      draws: habit.field('draws').count(),
      distinct: habit.field('distinct').count(),
      seen: habit.field('seen').list(key => key.count()),
    }),
    resourceKinds,
  )
