import { CordonError } from '@cordon/foundation'
import type { Subject, SubjectBaseline } from '@cordon/risk'
import {
  asTold,
  encodeSubjectBaseline,
  newLearning,
  noSuspicions,
  parseSubject,
  subjectKey,
  subjectPartition,
} from '@cordon/risk'
import type { SubjectLearning } from '@cordon/risk'
import type { BaselineContribution } from '@cordon/schemas'
import type {
  InputRecord,
  Output,
  ProcessResult,
  RecordCodec,
  StatefulProcessor,
  StateView,
} from '@cordon/stream'

import { Agenda } from './agenda.ts'
import { takeFinding } from './take-finding.ts'
import { profilerCodec } from './profiler-codec.ts'
import { learningIn, learningKey, suspicionKey, suspicionsIn } from './profiler-state.ts'
import type { ProfilerState } from './profiler-state.ts'
import { takeContribution } from './take-contribution.ts'
import { takeDueLessons } from './take-due-lessons.ts'

export interface ProfilerOptions {
  readonly codec: RecordCodec
  /** What was known of a subject before anything was learned live. */
  readonly ofFile: (subject: Subject) => SubjectBaseline
  /** How long after its end a session begins to teach: time for somebody to find out that it was none of the good ones. */
  readonly quarantineMs: number
  /** How long after it a session may still be found to have been misuse, or in order. */
  readonly reviewMs: number
  /** Of `baseline-contributions`. */
  readonly partitions: number
}

/** What the steps of the profiler work with. */
export interface Learning {
  readonly quarantineMs: number
  readonly reviewMs: number
  /** As it is kept, or new. */
  of(subject: string): SubjectLearning
  /** What another subject is told of a session. */
  told(subject: string, contribution: BaselineContribution): Output
}

type Result = ProcessResult<ProfilerState>

/**
 * Learns baselines from sessions that closed in good standing: contributions in, versions of baselines out. An agent's
 * profiler keeps the quarantine and passes on what it learned to the subjects above it: the role, and everyone.
 */
export const createProfilerProcessor = (options: ProfilerOptions): StatefulProcessor<ProfilerState> => {
  const { codec, ofFile, quarantineMs, reviewMs, partitions } = options
  const entries = profilerCodec(codec)
  const agendas = new WeakMap<StateView<ProfilerState>, Agenda>()

  const agendaOf = (states: StateView<ProfilerState>): Agenda => {
    const held = agendas.get(states) ?? Agenda.of(states.survey(value => entries.decodeState(value)))
    agendas.set(states, held)
    return held
  }

  const noted = (states: StateView<ProfilerState>, result: Result): Result => {
    const agenda = agendas.get(states)
    if (agenda !== undefined) for (const change of result.changes) agenda.note(change)
    return result
  }

  const learningOf = (states: StateView<ProfilerState>): Learning => ({
    quarantineMs,
    reviewMs,
    of: key => {
      const subject = parseSubject(key)
      if (subject === undefined) throw misplaced('contribution: expected a subject, got another key')
      return learningIn(states, key) ?? newLearning(subject, ofFile(subject))
    },
    told: (subject, contribution) => ({
      delivery: 'outbox',
      record: {
        topic: 'baseline-contributions',
        partition: subjectPartition(subject, partitions),
        key: subject,
        value: codec.encode('baseline-contributions', 'BaselineContribution', { ...contribution, subject }),
      },
    }),
  })

  const tick = ({ partition, appendedAt: now }: InputRecord, states: StateView<ProfilerState>): Result => {
    const agenda = agendaOf(states)
    const subject = agenda.toPublish(now)
    if (subject !== undefined) return published(codec, partition, learningOf(states).of(subject), now, states)
    const due = agenda.toTake(now, lessonsPerTick)
    return due === undefined ? nothing : takeDueLessons(due, now, states, learningOf(states))
  }

  return {
    input: 'baseline-contributions',
    changelog: 'profiler-state',
    claimed: ['agent-baselines'],

    process(input, states) {
      const { record, key } = input
      if (record.name === 'Tick') return noted(states, tick(input, states))
      if (record.name !== 'BaselineContribution' && record.name !== 'SessionFound')
        throw misplaced(`contribution: expected a contribution or a finding, got ${record.name}`)
      if (record.value.subject !== key || subjectPartition(key, partitions) !== input.partition)
        throw misplaced('contribution: expected to stand under its subject, got another key or partition')
      const learning = learningOf(states)
      return noted(
        states,
        record.name === 'SessionFound'
          ? takeFinding(record.value, states, learning)
          : takeContribution(record.value, states, learning),
      )
    },

    // What cannot be read teaches nothing.
    processPoison: () => nothing,

    ...entries,

    tick: (partition, now) => ({
      topic: 'baseline-contributions',
      partition,
      key: '\0tick',
      value: codec.encode('baseline-contributions', 'Tick', { partition, tickedAt: now, baselines: [] }),
    }),

    // Nobody acts on it: a profiler that stands still only leaves baselines as they are.
    beat: (partition, position, now) => ({
      topic: 'agent-baselines',
      partition,
      key: '\0beat',
      value: codec.encode('agent-baselines', 'Beat', {
        partition,
        position: Number(position),
        beatAt: now,
        keyId: '',
        signature: Buffer.alloc(0),
      }),
    }),
  }
}

/** What follows from one tick must fit into a commit: everyone's learning takes some 200 KiB, a lesson and what is told of it 15. */
const lessonsPerTick = 4

const nothing: Result = { changes: [], outputs: [] }

const published = (
  codec: RecordCodec,
  partition: number,
  learning: SubjectLearning,
  now: number,
  states: StateView<ProfilerState>,
): Result => {
  const subject = subjectKey(learning.subject)
  const suspicions = suspicionsIn(states, subject)
  const { version, baseline, retired } = learning.publish(now, suspicions.held)
  const record = (of: number, value: Buffer | null): Output => ({
    delivery: 'claimed',
    record: { topic: 'agent-baselines', partition, key: `${subject}@${of}`, value },
  })
  const text = encodeSubjectBaseline(baseline)
  const sessions = learning.sessions
  return {
    changes: [
      { key: learningKey(subject), state: { learning } },
      ...(suspicions === noSuspicions
        ? []
        : [{ key: suspicionKey(subject), state: { subject, suspicions: asTold(suspicions) } }]),
    ],
    outputs: [
      record(
        version,
        codec.encode('agent-baselines', 'AgentBaseline', {
          subject,
          version,
          publishedAt: now,
          sessions,
          baseline: text,
        }),
      ),
      ...retired.map(old => record(old, null)),
    ],
  }
}

const misplaced = (problem: string): CordonError => new CordonError('RECORD_MISPLACED', problem)
