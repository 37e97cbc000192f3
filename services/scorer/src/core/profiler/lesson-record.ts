import type { Lesson } from '@cordon/risk'
import type { BaselineContribution } from '@cordon/schemas'

/** The lesson that a contribution carries. */
export const lessonOfRecord = ({ lesson }: BaselineContribution): Lesson => {
  const { calls, failures, sinks, foreign, targets, others, ...rest } = lesson
  return { ...rest, outcomes: { calls, failures }, sinks: { calls: sinks, foreign, targets, others } }
}
