import type { JsonField } from '../baseline/json-field.ts'
import type { Calibration, Peaks, WorkPeaks } from './calibration.ts'

/** As they stand in a JSON document. Scorers of before also want to know what they expected of the next session, as they did `verify`. */
export const storedPeaks = (peaks: WorkPeaks): unknown => ({ expected: peaks, unseen: peaks })

/** As it stands in a JSON document. */
export const storedCalibration = ({ roles, all }: Calibration): unknown => ({
  roles: Object.fromEntries(Object.entries(roles).map(([name, peaks]) => [name, storedPeaks(peaks)])),
  all: storedPeaks(all),
})

/** @throws RiskError `BASELINES_MALFORMED` */
export const parsePeaks = (peaks: JsonField): WorkPeaks => workPeaksOf(peaks.field('unseen'))

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
