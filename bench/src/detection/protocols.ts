import type { RecordedSession } from './recorded-sessions.ts'

/** Sessions to learn from, and others to judge by. */
export interface Protocol {
  readonly name: string
  readonly title: string
  readonly learn: readonly RecordedSession[]
  readonly test: readonly RecordedSession[]
}

/** New work (disjoint by task) and recurring work (disjoint by model), each in both directions. */
export const protocolsOf = (sessions: readonly RecordedSession[]): readonly Protocol[] => {
  const judged = sessions.filter(session => session.class !== 'invisible')
  const benign = judged.filter(session => session.class === 'benign')
  const learntTasks = new Set(benign.filter(({ p1 }) => p1 === 'baseline').map(taskOf))
  return [
    {
      name: 'p1',
      title: 'New work',
      learn: benign.filter(({ p1 }) => p1 === 'baseline'),
      test: judged.filter(({ p1 }) => p1 === 'test'),
    },
    {
      name: 'p1-mirror',
      title: 'New work, folds exchanged',
      learn: benign.filter(({ p1 }) => p1 === 'test'),
      test: judged.filter(session => learntTasks.has(taskOf(session))),
    },
    {
      name: 'p2',
      title: 'Recurring work',
      learn: benign.filter(({ p2 }) => p2 === 'baseline'),
      test: judged.filter(({ p2 }) => p2 === 'test'),
    },
    {
      name: 'p2-mirror',
      title: 'Recurring work, folds exchanged',
      learn: benign.filter(({ p2 }) => p2 === 'test'),
      test: judged.filter(({ p2 }) => p2 !== 'test'),
    },
  ]
}

/** Task ids are unique within a suite only. */
export const taskOf = ({ suite, task }: RecordedSession): string => `${suite}/${task}`
