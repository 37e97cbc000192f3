import type { Calibration } from '../calibration/calibration.ts'
import { parsePeaks, storedCalibration } from '../calibration/peaks-json.ts'
import type { Baselines, Profile } from './baselines.ts'
import { JsonField } from './json-field.ts'
import { parseProfile, storedProfile } from './profile-json.ts'

/** Version of the format; another one is refused. */
export const baselinesFormat = 2

/** The same baselines always give the same text. */
export const encodeBaselines = ({ version, agents, roles, all, calibration }: Baselines): string =>
  JSON.stringify({
    format: baselinesFormat,
    version,
    agents: storedByName(agents),
    roles: storedByName(roles),
    all: storedProfile(all),
    calibration: storedCalibration(calibration),
  })

/** @throws RiskError `BASELINES_MALFORMED`, which names the place, what was expected and what was got */
export const parseBaselines = (text: string): Baselines => {
  const root = JsonField.parse(text, 'baselines')
  const format = root.field('format').count()
  if (format !== baselinesFormat) throw root.field('format').problem(`format ${baselinesFormat}`)
  return {
    version: root.field('version').count(),
    agents: root.field('agents').record(parseProfile),
    roles: root.field('roles').record(parseProfile),
    all: parseProfile(root.field('all')),
    calibration: calibrationOf(root.field('calibration')),
  }
}

const storedByName = (profiles: Readonly<Record<string, Profile>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(profiles)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, profile]) => [name, storedProfile(profile)]),
  )

const calibrationOf = (calibration: JsonField): Calibration => ({
  roles: calibration.field('roles').record(parsePeaks),
  all: parsePeaks(calibration.field('all')),
})
