import type { JsonField } from '../baseline/json-field.ts'
import type { Peaks, RolePeaks, WorkPeaks } from './calibration.ts'

/** @throws RiskError `BASELINES_MALFORMED` */
export const parsePeaks = (peaks: JsonField): RolePeaks => ({
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
