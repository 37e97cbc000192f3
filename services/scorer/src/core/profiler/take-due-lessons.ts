import type { SubjectLearning } from '@cordon/risk'
import type { BaselineContribution } from '@cordon/schemas'
import type { Output, ProcessResult, StateChange, StateView } from '@cordon/stream'

import type { DueLessons } from './agenda.ts'
import { lessonOfRecord } from './lesson-record.ts'
import type { Learning } from './profiler-processor.ts'
import { learningKey, lessonIn } from './profiler-state.ts'
import type { LessonEntry, ProfilerState } from './profiler-state.ts'
import { subjectsAbove } from './take-finding.ts'

/** Lessons whose time has come teach, count, or are forgotten. */
export const takeDueLessons = (
  { subject, keys }: DueLessons,
  now: number,
  states: StateView<ProfilerState>,
  learning: Learning,
): ProcessResult<ProfilerState> => {
  const taught = learning.of(subject)
  const changes: StateChange<ProfilerState>[] = []
  const outputs: Output[] = []
  let learned = false
  for (const key of keys) {
    const held = lessonIn(states, key)
    const contribution = held === undefined ? undefined : learnedFrom(held, taught)
    if (contribution === undefined || held === undefined) {
      changes.push({ key, state: null })
      continue
    }
    learned = true
    changes.push({ key, state: { ...held, stage: 'learned', dueAt: now + learning.reviewMs } })
    if (taught.subject.kind === 'agent')
      for (const above of subjectsAbove(contribution))
        outputs.push(learning.told(above, { ...contribution, stage: 'learned' }))
  }
  if (learned) changes.push({ key: learningKey(subject), state: { learning: taught } })
  return { changes, outputs }
}

/** @returns the contribution where it was taken: not where its human has taught enough that day */
const learnedFrom = (
  { contribution, stage }: LessonEntry,
  taught: SubjectLearning,
): BaselineContribution | undefined => {
  if (contribution === undefined || (stage !== 'quarantined' && stage !== 'unresolved')) return undefined
  const lesson = stage === 'quarantined' ? lessonOfRecord(contribution) : undefined
  const { human, closedAt, peak, work } = contribution
  return taught.learn(lesson, { human, closedAt, peak, isNew: work === 'new' }) ? contribution : undefined
}
