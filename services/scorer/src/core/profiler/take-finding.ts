import { subjectKey, everyone } from '@cordon/risk'
import type { BaselineContribution, SessionFound } from '@cordon/schemas'
import type { Output, ProcessResult, StateChange, StateView } from '@cordon/stream'

import { lessonOfRecord } from './lesson-record.ts'
import type { Learning } from './profiler-processor.ts'
import { learningKey, lessonIn, lessonKey } from './profiler-state.ts'
import type { LessonEntry, ProfilerState } from './profiler-state.ts'
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
  if (found.finding === 'suspended') return suspended(found, key, held, learning)
  if (found.finding === 'cleared') return cleared(found, key, held, learning)
  return found.finding === 'misuse' ? misuse(found, key, held, learning) : nothing
}

const suspended = (
  found: SessionFound,
  key: string,
  held: LessonEntry | undefined,
  learning: Learning,
): Result => {
  if (held !== undefined || found.human === null) return nothing
  const { subject, foundAt: at } = found
  const entry: LessonEntry = {
    contribution: undefined,
    subject,
    stage: 'suspended',
    dueAt: at + learning.reviewMs,
  }
  return {
    changes: [{ key, state: entry }, suspect(found, found.human, 'suspended', learning)],
    outputs: [],
  }
}

/** It was in order after all: it teaches and counts like any other, and is no longer held against its human. */
const cleared = (
  found: SessionFound,
  key: string,
  held: LessonEntry | undefined,
  learning: Learning,
): Result => {
  if (held?.contribution === undefined || held.stage === 'quarantined' || held.stage === 'learned')
    return nothing
  const contribution: BaselineContribution = { ...held.contribution, standing: 'trusted' }
  const dueAt = Math.max(found.foundAt, contribution.closedAt + learning.quarantineMs)
  const taught = learning.of(found.subject)
  const { human, worst } = contribution
  taught.suspect({ human, worst, at: found.foundAt }, -1)
  return {
    changes: [
      { key, state: { contribution, subject: found.subject, stage: 'quarantined', dueAt } },
      { key: learningKey(found.subject), state: { learning: taught } },
    ],
    outputs: [],
  }
}

/** What it taught is taken back, here and from whoever it was passed on to. */
const misuse = (
  found: SessionFound,
  key: string,
  held: LessonEntry | undefined,
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
  const taught = learning.of(found.subject)
  if (held?.stage === 'learned' && contribution !== undefined && teaches(contribution)) {
    taught.unlearn(lessonOfRecord(contribution))
    for (const subject of subjectsAbove(contribution))
      outputs.push(learning.told(subject, { ...contribution, stage: 'withdrawn' }))
  }
  if (human !== null && held?.stage !== 'suspended')
    taught.suspect({ human, worst: 'suspended', at: found.foundAt })
  changes.push({ key: learningKey(found.subject), state: { learning: taught } })
  return { changes, outputs }
}

/** Whom an agent's lessons are passed on to. */
export const subjectsAbove = ({ role }: BaselineContribution): readonly string[] =>
  role === '' ? [subjectKey(everyone)] : [subjectKey({ kind: 'role', name: role }), subjectKey(everyone)]

const suspect = (
  { subject, foundAt: at }: SessionFound,
  human: number,
  worst: 'suspended',
  learning: Learning,
): StateChange<ProfilerState> => {
  const taught = learning.of(subject)
  taught.suspect({ human, worst, at })
  return { key: learningKey(subject), state: { learning: taught } }
}
