import { noSuspicions } from '@cordon/risk'
import type { HeldSuspicions, SubjectLearning } from '@cordon/risk'
import type { BaselineContribution } from '@cordon/schemas'
import type { StateView } from '@cordon/stream'

/**
 * What the profiler keeps: each subject's learning, whose earlier sessions are held against the next ones, and the lessons that
 * may still come in or be taken back. Learning is large and changes when a lesson is due; of sessions that close it is not read.
 */
export type ProfilerState = LearningEntry | SuspicionEntry | LessonEntry

export interface LearningEntry {
  readonly learning: SubjectLearning
}

export interface SuspicionEntry {
  readonly subject: string
  readonly suspicions: HeldSuspicions
}

/** One session's lesson for one subject. */
export interface LessonEntry {
  /** Undefined where the session was suspended and has not closed. */
  readonly contribution: BaselineContribution | undefined
  readonly subject: string
  readonly stage: LessonStage
  /** Record time at which it is taken out. */
  readonly dueAt: number
}

/**
 * `quarantined`: teaches when it is due. `unresolved`: closed in no good standing, teaches nothing; when nobody has found anything
 * by then, it counts for the thresholds all the same, because leaving out whatever was flagged would let them fall and fall.
 * `suspended`: not even that. `learned`: was taught; when it is due it can no longer be taken back.
 */
export const lessonStages = ['quarantined', 'unresolved', 'suspended', 'learned'] as const
export type LessonStage = (typeof lessonStages)[number]

export const learningKey = (subject: string): string => `learning/${subject}`

export const suspicionKey = (subject: string): string => `suspicion/${subject}`

export const lessonKey = (subject: string, sessionId: string): string => `lesson/${subject}/${sessionId}`

export const isLearning = (state: ProfilerState): state is LearningEntry => 'learning' in state

export const isLesson = (state: ProfilerState): state is LessonEntry => 'stage' in state

export const learningIn = (
  states: StateView<ProfilerState>,
  subject: string,
): SubjectLearning | undefined => {
  const state = states.get(learningKey(subject))
  return state !== undefined && isLearning(state) ? state.learning : undefined
}

export const suspicionsIn = (states: StateView<ProfilerState>, subject: string): HeldSuspicions => {
  const state = states.get(suspicionKey(subject))
  return state !== undefined && 'suspicions' in state ? state.suspicions : noSuspicions
}

export const lessonIn = (states: StateView<ProfilerState>, key: string): LessonEntry | undefined => {
  const state = states.get(key)
  return state !== undefined && isLesson(state) ? state : undefined
}
