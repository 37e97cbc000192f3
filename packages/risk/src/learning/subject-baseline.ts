import type { Profile } from '../baseline/baselines.ts'
import { emptyProfile } from '../baseline/baselines.ts'
import { JsonField } from '../baseline/json-field.ts'
import { parseProfile, storedProfile } from '../baseline/profile-json.ts'
import type { WorkPeaks } from '../calibration/calibration.ts'
import { noWorkPeaks } from '../calibration/calibration.ts'
import { parsePeaks, storedPeaks } from '../calibration/peaks-json.ts'
import type { Suspicion } from '../suspicion/suspicion.ts'

/** One version of what is known of one subject, as the profiler publishes it. */
export interface SubjectBaseline {
  readonly profile: Profile
  /** Of a role or everyone; empty for an agent. */
  readonly peaks: WorkPeaks
  /** Of an agent; empty otherwise. */
  readonly suspicions: readonly Suspicion[]
}

/** Version of the text; another one is refused. */
const subjectFormat = 1

export const emptySubjectBaseline: SubjectBaseline = {
  profile: emptyProfile,
  peaks: noWorkPeaks,
  suspicions: [],
}

/** The same baseline always gives the same text. */
export const encodeSubjectBaseline = ({ profile, peaks, suspicions }: SubjectBaseline): string =>
  JSON.stringify({
    format: subjectFormat,
    profile: storedProfile(profile),
    peaks: storedPeaks(peaks),
    suspicions,
  })

/** @throws RiskError `BASELINES_MALFORMED`, which names the place, what was expected and what was got */
export const parseSubjectBaseline = (text: string): SubjectBaseline => {
  const root = JsonField.parse(text, 'baseline')
  if (root.field('format').count() !== subjectFormat)
    throw root.field('format').problem(`format ${subjectFormat}`)
  return {
    profile: parseProfile(root.field('profile')),
    peaks: parsePeaks(root.field('peaks')),
    suspicions: root.field('suspicions').list(parseSuspicion),
  }
}

/** @throws RiskError `BASELINES_MALFORMED` */
const parseSuspicion = (suspicion: JsonField): Suspicion => ({
  human: suspicion.field('human').key(),
  at: suspicion.field('at').amount(),
  nats: suspicion.field('nats').amount(),
})
