import type { DecisionSigner } from '@cordon/decisions'
import { newestEncoding, type Kernel, type SessionEncoding } from '@cordon/risk'
import type { ProcessResult, RecordCodec, StatefulProcessor, StateView } from '@cordon/stream'

import { decisionOutputs } from './decision-outputs.ts'
import { entryCodec } from './entry-codec.ts'
import { Schedule } from './schedule.ts'
import { scoreEvent } from './score-event.ts'
import type { SessionEntry } from './session-entry.ts'
import { readSessionEvent } from './session-event.ts'
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
}

type Result = ProcessResult<SessionEntry>

/** Scores sessions: every record of `session-events` in, decisions, gate verdicts and signals out. */
export const createSessionProcessor = (options: SessionProcessorOptions): StatefulProcessor<SessionEntry> => {
  const { kernel, codec, bundleVersion, forgetAfterMs, signer, stateVersion = newestEncoding } = options
  const outputs = decisionOutputs(codec, bundleVersion, createStandingSigner(signer, stateVersion > 1))
  const entries = entryCodec(codec, stateVersion)
  const schedules = new WeakMap<StateView<SessionEntry>, Schedule>()

  const scheduleOf = (states: StateView<SessionEntry>): Schedule => {
    const held = schedules.get(states) ?? Schedule.of(states.survey(value => entries.glance(value)))
    schedules.set(states, held)
    return held
  }

  const noted = (states: StateView<SessionEntry>, result: Result): Result => {
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
        const parts = { kernel, outputs, forgetAfterMs }
        return noted(states, tickSessions(input, states, scheduleOf(states), parts))
      }
      const { partition, offset, key: sessionId } = input
      const event = readSessionEvent(input)
      const invocationId = 'invocationId' in event.value ? event.value.invocationId : null
      const cause = { partition, offset, sessionId, at: event.at, invocationId }
      return noted(states, scoreEvent(event, cause, states, { kernel, outputs }))
    },

    processPoison(sessionId, { partition, offset, appendedAt: at }, states) {
      const entry = states.get(sessionId)
      if (entry === undefined) return { changes: [], outputs: [] }
      const cause = { partition, offset, sessionId, at, invocationId: null }
      return noted(states, settle(entry, kernel.undecodable(entry.session, at), cause, outputs))
    },

    encodeState: entry => entries.encodeState(entry),
    decodeState: value => entries.decodeState(value),

    tick: (partition, now) => ({
      topic: 'session-events',
      partition,
      key: '\0tick',
      value: codec.encode('session-events', 'Tick', { partition, tickedAt: now }),
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
