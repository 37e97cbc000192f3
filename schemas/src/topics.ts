import type { RecordName } from './generated/records.ts'

/** What Cordon requires of one topic. */
export interface TopicSpec {
  readonly name: TopicName
  /** What a key is; `session` keys carry their partition, `subject` keys are hashed to one. */
  readonly key: 'session' | 'engine' | 'subject' | 'original'
  readonly cleanup: 'delete' | 'compact'
  /** How long records of a `delete` topic are kept; tombstones of a `compact` topic. */
  readonly retentionMs: number
  /** Whose time the record's timestamp is; the broker's where Cordon clamps event times to it. */
  readonly timestamp: 'LogAppendTime' | 'CreateTime'
  /** The records that may stand in it (subjects `<topic>-cordon.<record>`). */
  readonly records: readonly RecordName[]
}

export type TopicName =
  | 'session-events'
  | 'session-decisions'
  | 'gate-verdicts'
  | 'scorer-state'
  | 'baseline-contributions'
  | 'profiler-state'
  | 'agent-baselines'
  | 'revocations'
  | 'security-signals'
  | 'dead-letters'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** Every topic, all partitioned alike: one owner holds the same partition number of each. */
export const topicCatalogue: Readonly<Record<TopicName, TopicSpec>> = {
  'session-events': {
    name: 'session-events',
    key: 'session',
    cleanup: 'delete',
    retentionMs: 7 * dayMs,
    timestamp: 'LogAppendTime',
    records: [
      'SessionOpened',
      'InvocationAttempted',
      'InvocationCompleted',
      'InvocationDenied',
      'SessionEnded',
      'SessionReviewed',
      'StandingReplayed',
      'Tick',
    ],
  },
  'session-decisions': {
    name: 'session-decisions',
    key: 'session',
    cleanup: 'compact',
    retentionMs: dayMs,
    timestamp: 'CreateTime',
    records: ['SessionDecision', 'Beat', 'Claim'],
  },
  'gate-verdicts': {
    name: 'gate-verdicts',
    key: 'engine',
    cleanup: 'delete',
    retentionMs: 10 * minuteMs,
    timestamp: 'CreateTime',
    records: ['GateVerdict'],
  },
  'scorer-state': {
    name: 'scorer-state',
    key: 'session',
    cleanup: 'compact',
    retentionMs: dayMs,
    timestamp: 'CreateTime',
    records: ['SessionState', 'ActiveBaseline', 'Position', 'OutboxEntry', 'Claim'],
  },
  'baseline-contributions': {
    name: 'baseline-contributions',
    key: 'subject',
    cleanup: 'delete',
    retentionMs: 30 * dayMs,
    timestamp: 'LogAppendTime',
    records: ['BaselineContribution', 'SessionFound', 'Tick'],
  },
  'profiler-state': {
    name: 'profiler-state',
    key: 'subject',
    cleanup: 'compact',
    retentionMs: dayMs,
    timestamp: 'CreateTime',
    records: ['LearningState', 'SuspicionState', 'HeldLesson', 'Position', 'OutboxEntry', 'Claim'],
  },
  'agent-baselines': {
    name: 'agent-baselines',
    key: 'subject',
    cleanup: 'compact',
    retentionMs: dayMs,
    timestamp: 'CreateTime',
    records: ['AgentBaseline', 'Beat', 'Claim'],
  },
  revocations: {
    name: 'revocations',
    key: 'subject',
    cleanup: 'compact',
    retentionMs: dayMs,
    timestamp: 'CreateTime',
    records: ['Revocation'],
  },
  'security-signals': {
    name: 'security-signals',
    key: 'session',
    cleanup: 'delete',
    retentionMs: 30 * dayMs,
    timestamp: 'CreateTime',
    records: ['SecuritySignal'],
  },
  'dead-letters': {
    name: 'dead-letters',
    key: 'original',
    cleanup: 'delete',
    retentionMs: 30 * dayMs,
    timestamp: 'CreateTime',
    records: ['DeadLetter'],
  },
}
