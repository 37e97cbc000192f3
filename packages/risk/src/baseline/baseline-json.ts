import type { Calibration, Peaks, RolePeaks, WorkPeaks } from '../calibration/calibration.ts'
import { RiskError } from '../risk-error.ts'
import type { Baselines, Profile, ResourceHabit } from './baselines.ts'
import { JsonField } from './json-field.ts'
import { encodeKeys, parseKeys } from './key-list.ts'
import { resourceKinds } from './resource-key.ts'

/** Version of the format; another one is refused. */
export const baselinesFormat = 2

/** The same baselines always give the same text. */
export const encodeBaselines = ({ version, agents, roles, all, calibration }: Baselines): string =>
  JSON.stringify({
    format: baselinesFormat,
    version,
    agents: storedByName(agents),
    roles: storedByName(roles),
    all: stored(all),
    calibration,
  })

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
    calibration: calibrationOf(root.field('calibration')),
  }
}

const storedByName = (profiles: Readonly<Record<string, Profile>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(profiles)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, profile]) => [name, stored(profile)]),
  )

const stored = (profile: Profile): unknown => ({
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
})

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
    entities: parseKeys(profile.field('entities')),
    met: parseKeys(profile.field('met')),
    parameters: profile
      .field('parameters')
      .list(entry => [entry.item(0, 3).key(), entry.item(1, 3).count(), entry.item(2, 3).count()] as const),
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
  }
}

const calibrationOf = (calibration: JsonField): Calibration => ({
  roles: calibration.field('roles').record(rolePeaksOf),
  all: rolePeaksOf(calibration.field('all')),
})

const rolePeaksOf = (peaks: JsonField): RolePeaks => ({
  expected: workPeaksOf(peaks.field('expected')),
  unseen: workPeaksOf(peaks.field('unseen')),
})

const workPeaksOf = (peaks: JsonField): WorkPeaks => ({
  recurring: peaksOf(peaks.field('recurring')),
  new: peaksOf(peaks.field('new')),
})

const peaksOf = (peaks: JsonField): Peaks => ({
  sessions: peaks.field('sessions').amount(),
  highest: peaks
    .field('highest')
    .list(entry => [entry.item(0, 2).amount(), entry.item(1, 2).amount()] as const),
})

const resourcesOf = (resources: JsonField): Profile['resources'] =>
  resources.record(
    (habit): ResourceHabit => ({
      draws: habit.field('draws').count(),
      distinct: habit.field('distinct').count(),
      seen: parseKeys(habit.field('seen')),
    }),
    resourceKinds,
  )
