import type { Bundle } from '@cordon/policy'
import {
  baselineLookup,
  calibratedThresholds,
  defaultFalseAlarms,
  filePins,
  sessionsNeeded,
  type Baselines,
  type GroundedThresholds,
  type ThresholdBasis,
  type Thresholds,
} from '@cordon/risk'

/** The evidence from which sessions are held, in nats, and what each threshold rests on. */
export interface ThresholdsInForce {
  /** Absent: of roles that nothing was learned of; of every role where the bundle has thresholds. */
  readonly role?: string
  /** Absent: of either sort. */
  readonly work?: 'recurring' | 'new'
  readonly thresholds: GroundedThresholds
  /** So many learned sessions of the role and sort of work each takes to rest on those; absent: it rests on none. */
  readonly sessionsNeeded?: Thresholds
}

/**
 * The thresholds that sessions are judged by: the bundle's, or by role and sort of work what was learned.
 * @param roles of the sessions
 */
export const thresholdsInForce = (
  { thresholds, falseAlarms = defaultFalseAlarms }: Pick<Bundle, 'thresholds' | 'falseAlarms'>,
  baselines: Baselines,
  roles: ReadonlySet<string>,
): readonly ThresholdsInForce[] => {
  if (thresholds !== undefined)
    return [
      { thresholds: { ...thresholds, basis: { verify: 'bundle', readOnly: 'bundle', suspend: 'bundle' } } },
    ]
  const viewOf = baselineLookup(baselines)
  const needed = {
    verify: sessionsNeeded(falseAlarms.verify),
    readOnly: sessionsNeeded(falseAlarms.readOnly),
    suspend: sessionsNeeded(falseAlarms.suspend),
  }
  const ofRole = (role: string): ThresholdsInForce[] =>
    (['recurring', 'new'] as const).map(work => ({
      ...(Object.hasOwn(baselines.roles, role) && { role }),
      work,
      thresholds: calibratedThresholds(viewOf(role, role, filePins).peaks, work, falseAlarms),
      sessionsNeeded: needed,
    }))
  const known = [...roles].filter(role => Object.hasOwn(baselines.roles, role)).sort()
  const unknown = [...roles].find(role => !Object.hasOwn(baselines.roles, role))
  return [...known, ...(unknown === undefined ? [] : [unknown])].flatMap(ofRole)
}

/** Nobody reads more. */
const listed = 40

/** For people. */
export const thresholdLines = (inForce: readonly ThresholdsInForce[]): string[] => {
  const more = inForce.length - listed
  const bases = new Set(inForce.flatMap(({ thresholds: { basis } }) => Object.values(basis)))
  const needed = inForce[0]?.sessionsNeeded
  return [
    'thresholds         nats of evidence, and what each rests on',
    ...inForce.slice(0, listed).map(each => `  ${thresholdLine(each)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(Object.keys(basisInWords) as ThresholdBasis[])
      .filter(basis => bases.has(basis))
      .map(basis => `  ${basis}: ${basisInWords[basis]}`),
    ...(needed === undefined
      ? []
      : [
          `  of one sort of work, verify takes ${needed.verify} learned sessions, read_only ${needed.readOnly}, suspended ${needed.suspend}`,
        ]),
  ]
}

const basisInWords: Readonly<Record<ThresholdBasis, string>> = {
  bundle: 'set by the catalogue’s bundle',
  role: 'learned sessions of the role',
  pool: 'learned sessions of all roles, because those of the role are too few',
  model: 'an estimate, because even those of all roles are too few, or none',
}

const thresholdLine = ({ role, work, thresholds }: ThresholdsInForce): string => {
  const { verify, readOnly, suspend, basis } = thresholds
  const whose = role ?? (work === undefined ? 'every role' : 'roles that nothing was learned of')
  return (
    `${whose}${work === undefined ? '' : `, ${work} work`}: verify from ${verify.toFixed(1)} (${basis.verify}), ` +
    `read_only from ${readOnly.toFixed(1)} (${basis.readOnly}), suspended from ${suspend.toFixed(1)} (${basis.suspend})`
  )
}
