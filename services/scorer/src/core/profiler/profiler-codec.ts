import { encodeLearning, parseLearning, parseSubject, subjectKey } from '@cordon/risk'
import type { BaselineContribution } from '@cordon/schemas'
import type { RecordCodec, StatefulProcessor } from '@cordon/stream'

import { isLearning, isLesson, lessonStages } from './profiler-state.ts'
import type { LessonStage, ProfilerState } from './profiler-state.ts'

/** The profiler's entries as they stand in `profiler-state`. */
export const profilerCodec = (
  codec: RecordCodec,
): Pick<StatefulProcessor<ProfilerState>, 'encodeState' | 'decodeState'> => ({
  encodeState: state => {
    if (isLearning(state))
      return codec.encode('profiler-state', 'LearningState', {
        subject: subjectKey(state.learning.subject),
        state: encodeLearning(state.learning),
      })
    if (!isLesson(state))
      return codec.encode('profiler-state', 'SuspicionState', {
        subject: state.subject,
        ...state.suspicions,
      })
    const { contribution, subject, stage, dueAt } = state
    return codec.encode('profiler-state', 'HeldLesson', {
      subject,
      contribution:
        contribution === undefined
          ? Buffer.alloc(0)
          : codec.encode('baseline-contributions', 'BaselineContribution', contribution),
      stage,
      dueAt,
    })
  },

  decodeState: value => {
    const record = codec.decode(value)
    if (record.name === 'LearningState') {
      const subject = parseSubject(record.value.subject)
      if (subject === undefined) throw new TypeError('learning: expected a subject, got another key')
      return { learning: parseLearning(subject, record.value.state) }
    }
    if (record.name === 'SuspicionState') {
      const { subject, ...suspicions } = record.value
      return { subject, suspicions }
    }
    if (record.name !== 'HeldLesson') throw new TypeError(`expected a HeldLesson, got ${record.name}`)
    const { contribution, subject, stage, dueAt } = record.value
    return {
      contribution: contribution.length === 0 ? undefined : contributionOf(codec, contribution),
      subject,
      stage: stageOf(stage),
      dueAt,
    }
  },
})

const contributionOf = (codec: RecordCodec, value: Buffer): BaselineContribution => {
  const record = codec.decode(value)
  if (record.name === 'BaselineContribution') return record.value
  throw new TypeError(`expected a BaselineContribution, got ${record.name}`)
}

const stageOf = (text: string): LessonStage => {
  const stage = lessonStages.find(known => known === text)
  if (stage === undefined) throw new TypeError(`expected a stage of a lesson, got another text`)
  return stage
}
