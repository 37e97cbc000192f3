import type { BaselineContribution } from '@cordon/schemas'
import type { ProcessResult, StateChange, StateView } from '@cordon/stream'

import type { Learning } from './profiler-processor.ts'
import { lessonOfRecord } from './lesson-record.ts'
import { learningKey, lessonIn, lessonKey } from './profiler-state.ts'
import type { LessonEntry, ProfilerState } from './profiler-state.ts'
import { suspected } from './suspected.ts'

type Result = ProcessResult<ProfilerState>

const nothing: Result = { changes: [], outputs: [] }

/** What follows from a contribution; one that comes twice changes nothing. */
export const takeContribution = (
  contribution: BaselineContribution,
  states: StateView<ProfilerState>,
  learning: Learning,
): Result => {
  const key = lessonKey(contribution.subject, contribution.sessionId)
  const held = lessonIn(states, key)
  if (contribution.stage === 'withdrawn') return withdraw(contribution, key, held, learning)
  if (held !== undefined && held.contribution !== undefined) return nothing
  if (contribution.stage === 'learned')
    return { changes: [{ key, state: passedOn(contribution) }], outputs: [] }
  const changes: StateChange<ProfilerState>[] = [{ key, state: closed(contribution, learning) }]
  // A suspension was told when it happened.
  const { subject, human, worst, peak, closedAt: at } = contribution
  if (worst !== 'suspended') changes.push(...suspected(states, subject, { human, worst, peak, at }))
  return { changes, outputs: [] }
}

const closed = (contribution: BaselineContribution, { quarantineMs, reviewMs }: Learning): LessonEntry => {
  const { subject, worst, closedAt } = contribution
  if (teaches(contribution))
    return { contribution, subject, stage: 'quarantined', dueAt: closedAt + quarantineMs }
  const stage = worst === 'suspended' ? 'suspended' : 'unresolved'
  return { contribution, subject, stage, dueAt: closedAt + reviewMs }
}

// The agent's profiler kept the quarantine.
const passedOn = (contribution: BaselineContribution): LessonEntry => ({
  contribution,
  subject: contribution.subject,
  stage: teaches(contribution) ? 'quarantined' : 'unresolved',
  dueAt: contribution.closedAt,
})

/** Others only count for the thresholds. */
export const teaches = ({ standing }: BaselineContribution): boolean => standing === 'trusted'

const withdraw = (
  contribution: BaselineContribution,
  key: string,
  held: LessonEntry | undefined,
  learning: Learning,
): Result => {
  if (held === undefined) return nothing
  const gone = { key, state: null }
  if (held.stage !== 'learned' || !teaches(contribution)) return { changes: [gone], outputs: [] }
  const taught = learning.of(contribution.subject)
  taught.unlearn(lessonOfRecord(contribution))
  return {
    changes: [gone, { key: learningKey(contribution.subject), state: { learning: taught } }],
    outputs: [],
  }
}
