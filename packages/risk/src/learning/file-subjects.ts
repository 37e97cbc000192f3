import type { Baselines } from '../baseline/baselines.ts'
import type { Subject } from './subject.ts'
import { emptySubjectBaseline } from './subject-baseline.ts'
import type { SubjectBaseline } from './subject-baseline.ts'

/** The file's baselines by subject: what is in force where nothing was learned since. Asked with every event: a look-up, and no key to be made. */
export const fileSubjects = ({
  agents,
  roles,
  all,
  calibration,
}: Baselines): ((subject: Subject) => SubjectBaseline) => {
  const ofAll: SubjectBaseline = { ...emptySubjectBaseline, profile: all, peaks: calibration.all }
  const ofAgents = new Map<string, SubjectBaseline>()
  for (const [name, profile] of Object.entries(agents))
    ofAgents.set(name, { ...emptySubjectBaseline, profile })
  const ofRoles = new Map<string, SubjectBaseline>()
  for (const [name, profile] of Object.entries(roles))
    ofRoles.set(name, {
      ...emptySubjectBaseline,
      profile,
      ...(Object.hasOwn(calibration.roles, name) && { peaks: calibration.roles[name]! }),
    })
  return ({ kind, name }) => {
    if (kind === 'all') return ofAll
    return (kind === 'agent' ? ofAgents : ofRoles).get(name) ?? emptySubjectBaseline
  }
}
