import type { Bundle } from '@cordon/policy'
import {
  baselineLookup,
  calibratedThresholds,
  defaultFalseAlarms,
  filePins,
  type Baselines,
  type Thresholds,
} from '@cordon/risk'

/** The evidence from which sessions are held, in nats. */
export interface SetThresholds {
  /** Absent: of all. */
  readonly role?: string
  /** Absent: of either. */
  readonly work?: 'recurring' | 'new'
  readonly thresholds: Thresholds
}

/** The thresholds that sessions are scored with: the bundle's, or by role and sort of work what was learned. */
export const setThresholds = (
  { thresholds, falseAlarms = defaultFalseAlarms }: Pick<Bundle, 'thresholds' | 'falseAlarms'>,
  baselines: Baselines,
): readonly SetThresholds[] => {
  if (thresholds !== undefined) return [{ thresholds }]
  const viewOf = baselineLookup(baselines)
  return Object.keys(baselines.roles).flatMap(role =>
    (['recurring', 'new'] as const).map(work => ({
      role,
      work,
      thresholds: calibratedThresholds(viewOf(role, role, filePins).peaks, work, falseAlarms),
    })),
  )
}

/** For people. */
export const thresholdLine = ({ role, work, thresholds }: SetThresholds): string => {
  const { verify, readOnly, suspend } = thresholds
  const [from, then, last] = [verify, readOnly, suspend].map(nats => nats.toFixed(1))
  const whose = role === undefined ? 'of the catalogue’s bundle' : `${role}, ${work} work`
  return `${whose}: verify from ${from}, read_only from ${then}, suspended from ${last}`
}
