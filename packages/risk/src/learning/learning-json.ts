import { JsonField } from '../baseline/json-field.ts'
import { parseCounts, storedCounts } from '../baseline/learned-json.ts'
import { ProfileBuilder } from '../baseline/profile-builder.ts'
import { countsOfProfile } from '../baseline/profile-counts.ts'
import { PeakReservoir } from '../calibration/peak-reservoir.ts'
import type { PeakSample } from '../calibration/peak-reservoir.ts'
import { parsePeaks, storedPeaks } from '../calibration/peaks-json.ts'
import { DailyAllowance } from './daily-allowance.ts'
import type { Subject } from './subject.ts'
import type { SubjectBaseline } from './subject-baseline.ts'
import { capacityOf, SubjectLearning } from './subject-learning.ts'

/** Version of the text; another one is refused. */
const learningFormat = 1

/** A subject that nobody has taught yet. @param known of it beforehand: what the file says */
export const newLearning = (subject: Subject, { profile, peaks }: SubjectBaseline): SubjectLearning =>
  new SubjectLearning({
    subject,
    builder: new ProfileBuilder(capacityOf(subject), countsOfProfile(profile)),
    allowance: new DailyAllowance(),
    reservoir: new PeakReservoir(peaks),
    published: { version: 0, at: 0, sessions: 0, past: [], changed: 'no' },
  })

/** The same learning always gives the same text. */
export const encodeLearning = (learning: SubjectLearning): string => {
  const { builder, allowance, reservoir, published } = learning.parts
  return JSON.stringify({
    format: learningFormat,
    counts: storedCounts(builder.learned()),
    allowance: allowance.state,
    peaks: { before: storedPeaks(reservoir.before), latest: reservoir.latest },
    published,
  })
}

/** @throws RiskError `BASELINES_MALFORMED`, which names the place, what was expected and what was got */
export const parseLearning = (subject: Subject, text: string): SubjectLearning => {
  const root = JsonField.parse(text, 'learning')
  if (root.field('format').count() !== learningFormat)
    throw root.field('format').problem(`format ${learningFormat}`)
  const allowance = root.field('allowance')
  const published = root.field('published')
  return new SubjectLearning({
    subject,
    builder: new ProfileBuilder(capacityOf(subject), parseCounts(root.field('counts'))),
    allowance: new DailyAllowance(
      allowance.field('day').count(),
      allowance.field('taught').list(entry => [entry.item(0, 2).key(), entry.item(1, 2).count()] as const),
    ),
    reservoir: new PeakReservoir(
      parsePeaks(root.field('peaks').field('before')),
      root.field('peaks').field('latest').list(sampleOf),
    ),
    published: {
      version: published.field('version').count(),
      at: published.field('at').amount(),
      sessions: published.field('sessions').count(),
      past: published
        .field('past')
        .list(entry => [entry.item(0, 2).count(), entry.item(1, 2).amount()] as const),
      changed: published.field('changed').oneOf(['no', 'yes', 'urgently']),
    },
  })
}

const sampleOf = (entry: JsonField): PeakSample => [
  entry.item(0, 2).amount(),
  entry.item(1, 2).oneOf([true, false]),
]
