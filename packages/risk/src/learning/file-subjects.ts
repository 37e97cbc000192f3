import type { Baselines } from '../baseline/baselines.ts'
import type { Subject } from './subject.ts'
import { subjectKey } from './subject.ts'
import { emptySubjectBaseline } from './subject-baseline.ts'
import type { SubjectBaseline } from './subject-baseline.ts'

/** The file's baselines by subject: what is in force where nothing was learned since. */
export const fileSubjects = ({
  agents,
  roles,
  all,
  calibration,
}: Baselines): ((subject: Subject) => SubjectBaseline) => {
  const subjects = new Map<string, SubjectBaseline>([
    ['all', { ...emptySubjectBaseline, profile: all, peaks: calibration.all }],
  ])
  for (const [name, profile] of Object.entries(agents))
    subjects.set(subjectKey({ kind: 'agent', name }), { ...emptySubjectBaseline, profile })
  for (const [name, profile] of Object.entries(roles))
    subjects.set(subjectKey({ kind: 'role', name }), {
      ...emptySubjectBaseline,
      profile,
      ...(Object.hasOwn(calibration.roles, name) && { peaks: calibration.roles[name]! }),
    })
  return subject => subjects.get(subjectKey(subject)) ?? emptySubjectBaseline
}
