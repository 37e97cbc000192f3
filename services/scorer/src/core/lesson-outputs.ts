import type { Session } from '@cordon/risk'
import { humanKey, lessonOf, subjectKey, subjectPartition } from '@cordon/risk'
import type { Finding, Records, SessionReviewed, Standing } from '@cordon/schemas'
import type { Output, RecordCodec } from '@cordon/stream'

import type { Cause } from './cause.ts'
import type { SessionEntry } from './session-entry.ts'

/** What the profiler is told of sessions. */
export interface LessonOutputs {
  /** A session closed. @param standing in which it stood before */
  closed(entry: SessionEntry, standing: Standing, cause: Cause): Output
  /** Its human's next sessions have to hear of it before it closes. */
  suspended(entry: SessionEntry, cause: Cause): Output
  /** @param entry where the session is still known */
  reviewed(review: SessionReviewed, entry: SessionEntry | undefined, cause: Cause): Output
}

type LessonRecord = 'BaselineContribution' | 'SessionFound'

/** @param partitions of `baseline-contributions` */
export const lessonOutputs = (codec: RecordCodec, partitions: number): LessonOutputs => {
  const output = <Name extends LessonRecord>(name: Name, value: Records[Name]): Output => ({
    delivery: 'outbox',
    record: {
      topic: 'baseline-contributions',
      partition: subjectPartition(value.subject, partitions),
      key: value.subject,
      value: codec.encode<LessonRecord>('baseline-contributions', name, value),
    },
  })
  const found = (
    sessionId: string,
    agentId: string,
    human: number | null,
    finding: Finding,
    at: number,
  ): Output =>
    output('SessionFound', {
      subject: subjectOf(agentId),
      sessionId,
      agentId,
      human,
      finding,
      foundAt: at,
    })
  return {
    closed: ({ session, human }, standing, { sessionId, at }) =>
      output('BaselineContribution', {
        subject: subjectOf(session.agentId),
        sessionId,
        agentId: session.agentId,
        role: session.role,
        human: humanKey(human),
        closedAt: at,
        standing,
        worst: session.draft.worst,
        peak: session.draft.peak,
        work: session.work,
        stage: 'closed',
        lesson: recordOf(session),
      }),
    suspended: ({ session, human }, { sessionId, at }) =>
      found(sessionId, session.agentId, humanKey(human), 'suspended', at),
    reviewed: ({ sessionId, agentId, finding }, entry, { at }) =>
      found(
        sessionId,
        entry?.session.agentId ?? agentId,
        entry === undefined ? null : humanKey(entry.human),
        finding,
        at,
      ),
  }
}

const subjectOf = (agentId: string): string => subjectKey({ kind: 'agent', name: agentId })

const recordOf = (session: Session): Records['BaselineContribution']['lesson'] => {
  const { outcomes, sinks, ...lesson } = lessonOf(session)
  return {
    ...lesson,
    calls: outcomes.calls,
    failures: outcomes.failures,
    sinks: sinks.calls,
    foreign: sinks.foreign,
    targets: sinks.targets,
    others: sinks.others,
  }
}
