import { subjectKey, everyone } from '@cordon/risk'
import type { BaselineContribution, SessionFound } from '@cordon/schemas'
import type { Output, ProcessResult, StateChange, StateView } from '@cordon/stream'

import { lessonOfRecord } from './lesson-record.ts'
import type { Learning } from './profiler-processor.ts'
import { learningKey, lessonIn, lessonKey } from './profiler-state.ts'
import type { LessonEntry, ProfilerState } from './profiler-state.ts'
import { suspected } from './suspected.ts'
import { teaches } from './take-contribution.ts'

type Result = ProcessResult<ProfilerState>

const nothing: Result = { changes: [], outputs: [] }

/** What follows from a suspension, or from what an operator found; one that comes twice changes nothing. */
export const takeFinding = (
  found: SessionFound,
  states: StateView<ProfilerState>,
  learning: Learning,
): Result => {
  const key = lessonKey(found.subject, found.sessionId)
  const held = lessonIn(states, key)
  if (found.finding === 'suspended') return suspended(found, key, held, states, learning)
  if (found.finding === 'cleared') return cleared(found, key, held, states, learning)
  return found.finding === 'misuse' ? misuse(found, key, held, states, learning) : nothing
}

const suspended = (
  found: SessionFound,
  key: string,
  held: LessonEntry | undefined,
  states: StateView<ProfilerState>,
  learning: Learning,
): Result => {
  const { subject, human, foundAt: at } = found
  if (held !== undefined || human === null) return nothing
  const entry: LessonEntry = {
    contribution: undefined,
    subject,
    stage: 'suspended',
    dueAt: at + learning.reviewMs,
  }
  return {
    changes: [{ key, state: entry }, ...suspected(states, subject, { human, worst: 'suspended', at })],
    outputs: [],
  }
}

/** It was in order after all: it teaches and counts like any other, and is no longer held against its human. */
const cleared = (
  found: SessionFound,
  key: string,
  held: LessonEntry | undefined,
  states: StateView<ProfilerState>,
  learning: Learning,
): Result => {
  if (held?.contribution === undefined || held.stage === 'quarantined' || held.stage === 'learned')
    return nothing
  const contribution: BaselineContribution = { ...held.contribution, standing: 'trusted' }
  const dueAt = Math.max(found.foundAt, contribution.closedAt + learning.quarantineMs)
  const { human, worst, peak } = contribution
  const { subject, foundAt: at } = found
  return {
    changes: [
      { key, state: { contribution, subject, stage: 'quarantined', dueAt } },
      ...suspected(states, subject, { human, worst, peak, at }, -1),
    ],
    outputs: [],
  }
}

/** What it taught is taken back, here and from whoever it was passed on to. */
const misuse = (
  found: SessionFound,
  key: string,
  held: LessonEntry | undefined,
  states: StateView<ProfilerState>,
  learning: Learning,
): Result => {
  const contribution = held?.contribution
  const human = contribution?.human ?? found.human
  const entry: LessonEntry = {
    contribution: undefined,
    subject: found.subject,
    stage: 'suspended',
    dueAt: found.foundAt + learning.reviewMs,
  }
  // Found already, or suspended and held against the human as it is.
  if (held?.stage === 'suspended' && contribution === undefined) return nothing
  const changes: StateChange<ProfilerState>[] = [{ key, state: entry }]
  const outputs: Output[] = []
  const { subject, foundAt: at } = found
  if (held?.stage === 'learned' && contribution !== undefined && teaches(contribution)) {
    const taught = learning.of(subject)
    taught.unlearn(lessonOfRecord(contribution))
    changes.push({ key: learningKey(subject), state: { learning: taught } })
    for (const above of subjectsAbove(contribution))
      outputs.push(learning.told(above, { ...contribution, stage: 'withdrawn' }))
  }
  if (human !== null && held?.stage !== 'suspended')
    changes.push(...suspected(states, subject, { human, worst: 'suspended', at }))
  return { changes, outputs }
}

/** Whom an agent's lessons are passed on to. */
export const subjectsAbove = ({ role }: BaselineContribution): readonly string[] =>
  role === '' ? [subjectKey(everyone)] : [subjectKey({ kind: 'role', name: role }), subjectKey(everyone)]
