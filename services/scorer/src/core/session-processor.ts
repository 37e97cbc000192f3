import type { DecisionSigner } from '@cordon/decisions'
import { newestEncoding, type Kernel, type SessionEncoding } from '@cordon/risk'
import type { BaselineVersion } from '@cordon/schemas'
import type { ProcessResult, RecordCodec, StatefulProcessor, StateView } from '@cordon/stream'

import { activate } from './active-baselines.ts'
import type { HeldBaselines } from './active-baselines.ts'
import { decisionOutputs } from './decision-outputs.ts'
import { entryCodec } from './entry-codec.ts'
import { lessonOutputs } from './lesson-outputs.ts'
import { Schedule } from './schedule.ts'
import { scoreEvent } from './score-event.ts'
import { sessionIn } from './scorer-state.ts'
import type { ScorerState } from './scorer-state.ts'
import { restateStanding } from './restate-standing.ts'
import { readSessionEvent, requireOwnLog } from './session-event.ts'
import { settle } from './settle.ts'
import { createStandingSigner } from './standing-signer.ts'
import { tickSessions } from './tick-sessions.ts'

export interface SessionProcessorOptions {
  readonly kernel: Kernel
  readonly codec: RecordCodec
  /** The bundle whose thresholds the kernel holds. */
  readonly bundleVersion: number
  /** How long an ended session is remembered: longer than any token that names it lives. */
  readonly forgetAfterMs: number
  readonly signer: DecisionSigner
  /** Version of the states that are written; every known one is read. While scorers of different age run, what the oldest reads. */
  readonly stateVersion?: SessionEncoding
  /** What may come into force; default: nothing but what the kernel begins with. */
  readonly baselines?: HeldBaselines & { announce(partition: number): readonly BaselineVersion[] }
  /** Of `baseline-contributions`. Default 1. */
  readonly partitions?: number
}

const nothingLearned = { has: () => false, announce: () => [] }

type Result = ProcessResult<ScorerState>

/** Scores sessions: every record of `session-events` in, decisions, gate verdicts and signals out. */
export const createSessionProcessor = (options: SessionProcessorOptions): StatefulProcessor<ScorerState> => {
  const { kernel, codec, bundleVersion, forgetAfterMs, signer, stateVersion = newestEncoding } = options
  const { baselines = nothingLearned, partitions = 1 } = options
  const lessons = lessonOutputs(codec, partitions)
  const outputs = decisionOutputs(codec, bundleVersion, createStandingSigner(signer, stateVersion > 1))
  const entries = entryCodec(codec, stateVersion)
  const schedules = new WeakMap<StateView<ScorerState>, Schedule>()

  const scheduleOf = (states: StateView<ScorerState>): Schedule => {
    const held = schedules.get(states) ?? Schedule.of(states.survey(value => entries.glance(value)))
    schedules.set(states, held)
    return held
  }

  const noted = (states: StateView<ScorerState>, result: Result): Result => {
    // Where there is no schedule yet, the first tick makes one of all states.
    const schedule = schedules.get(states)
    if (schedule !== undefined) for (const change of result.changes) schedule.note(change)
    return result
  }

  return {
    input: 'session-events',
    changelog: 'scorer-state',
    claimed: ['session-decisions'],

    process(input, states) {
      if (input.record.name === 'Tick') {
        const parts = { kernel, outputs, lessons, forgetAfterMs }
        const activated = activate(input.record.value.baselines, states, baselines)
        const ticked = tickSessions(input, states, scheduleOf(states), parts)
        return noted(states, { ...ticked, changes: [...activated, ...ticked.changes] })
      }
      const { partition, offset, key: sessionId } = input
      if (input.record.name === 'SessionReviewed') {
        requireOwnLog(input, input.record.value.sessionId)
        const cause = { partition, offset, sessionId, at: input.appendedAt, invocationId: null }
        const entry = sessionIn(states, sessionId)
        return { changes: [], outputs: [lessons.reviewed(input.record.value, entry, cause)] }
      }
      if (input.record.name === 'StandingReplayed') {
        requireOwnLog(input, input.record.value.sessionId)
        const cause = { partition, offset, sessionId, at: input.appendedAt, invocationId: null }
        return noted(states, restateStanding(sessionIn(states, sessionId), cause, { kernel, outputs }))
      }
      const event = readSessionEvent(input)
      const invocationId = 'invocationId' in event.value ? event.value.invocationId : null
      const cause = { partition, offset, sessionId, at: event.at, invocationId }
      return noted(states, scoreEvent(event, cause, states, { kernel, outputs, lessons }))
    },

    processPoison(sessionId, { partition, offset, appendedAt: at }, states) {
      const entry = sessionIn(states, sessionId)
      if (entry === undefined) return { changes: [], outputs: [] }
      const cause = { partition, offset, sessionId, at, invocationId: null }
      return noted(states, settle(entry, kernel.undecodable(entry.session, at), cause, { outputs, lessons }))
    },

    encodeState: entry => entries.encodeState(entry),
    decodeState: value => entries.decodeState(value),

    tick: (partition, now) => ({
      topic: 'session-events',
      partition,
      key: '\0tick',
      value: codec.encode('session-events', 'Tick', {
        partition,
        tickedAt: now,
        baselines: [...baselines.announce(partition)],
      }),
    }),

    beat: (partition, position, now) => {
      const beat = { partition, position: Number(position), beatAt: now }
      return {
        topic: 'session-decisions',
        partition,
        key: '\0beat',
        value: codec.encode('session-decisions', 'Beat', { ...beat, ...signer.signBeat(beat) }),
      }
    },
  }
}
