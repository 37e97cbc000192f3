import { CordonError } from '@cordon/foundation'
import type { Assessment, Kernel } from '@cordon/risk'
import { clampRecordTime, decodeSession, encodeSession } from '@cordon/risk'
import type { InvocationAttempted, SessionOpened } from '@cordon/schemas'
import type { InputRecord, ProcessResult, RecordCodec, StatefulProcessor, StateView } from '@cordon/stream'

import { decisionOutputs, type Cause } from './decision-outputs.ts'
import type { SessionEntry } from './session-entry.ts'
import { Schedule } from './schedule.ts'
import { tickSessions } from './tick-sessions.ts'

export interface SessionProcessorOptions {
  readonly kernel: Kernel
  readonly codec: RecordCodec
  /** The bundle whose thresholds the kernel holds. */
  readonly bundleVersion: number
  /** How long an ended session is remembered: longer than any token that names it lives. */
  readonly forgetAfterMs: number
}

/** What one record changes. */
type Result = ProcessResult<SessionEntry>

const nothing: Result = { changes: [], outputs: [] }

/** Scores sessions: every record of `session-events` in, decisions, gate verdicts and signals out. */
export const createSessionProcessor = (options: SessionProcessorOptions): StatefulProcessor<SessionEntry> => {
  const { kernel, codec, forgetAfterMs } = options
  const outputs = decisionOutputs(codec, options.bundleVersion)
  const schedules = new WeakMap<StateView<SessionEntry>, Schedule>()

  const scheduleOf = (states: StateView<SessionEntry>): Schedule => {
    const held = schedules.get(states) ?? Schedule.of(states.entries())
    schedules.set(states, held)
    return held
  }

  const settle = (entry: SessionEntry, assessment: Assessment, cause: Cause, schedule: Schedule): Result => {
    if (assessment.duplicate) return nothing
    schedule.note(cause.sessionId, entry)
    const told = assessment.standingChanged || assessment.bandChanged
    return {
      changes: [{ key: cause.sessionId, state: entry }],
      outputs: told ? outputs.decided(entry, assessment, cause) : [],
    }
  }

  const open = (opened: SessionOpened, cause: Cause, states: StateView<SessionEntry>): Result => {
    // A session opens once: a second record of that must not wash it clean.
    if (states.get(cause.sessionId) !== undefined) return nothing
    const entry: SessionEntry = { session: kernel.open(opened, cause.at), human: opened.human }
    scheduleOf(states).note(cause.sessionId, entry)
    return {
      changes: [{ key: cause.sessionId, state: entry }],
      outputs: outputs.decided(entry, kernel.assess(entry.session), cause),
    }
  }

  const attempt = (attempted: InvocationAttempted, cause: Cause, states: StateView<SessionEntry>): Result => {
    const entry = states.get(cause.sessionId)
    const assessment = entry && kernel.attempt(entry.session, attempted, cause.at)
    const settled =
      entry === undefined || assessment === undefined
        ? nothing
        : settle(entry, assessment, cause, scheduleOf(states))
    if (attempted.mode !== 'gate') return settled
    return { ...settled, outputs: [outputs.judged(attempted, assessment, cause), ...settled.outputs] }
  }

  const change = (
    cause: Cause,
    states: StateView<SessionEntry>,
    judge: (entry: SessionEntry) => Assessment,
  ): Result => {
    const entry = states.get(cause.sessionId)
    return entry === undefined ? nothing : settle(entry, judge(entry), cause, scheduleOf(states))
  }

  return {
    input: 'session-events',
    changelog: 'scorer-state',
    claimed: ['session-decisions'],

    process(input, states) {
      const { record } = input
      if (record.name !== 'Tick') refuseForeignKey(input, record.value)
      const cause = (engineTime: number, invocationId: string | null = null): Cause => ({
        input,
        sessionId: input.key,
        at: clampRecordTime(engineTime, input.appendedAt),
        invocationId,
      })
      switch (record.name) {
        case 'SessionOpened':
          return open(record.value, cause(record.value.openedAt), states)
        case 'InvocationAttempted':
          return attempt(record.value, cause(record.value.attemptedAt, record.value.invocationId), states)
        case 'InvocationCompleted': {
          const at = cause(record.value.completedAt, record.value.invocationId)
          return change(at, states, ({ session }) => kernel.complete(session, record.value, at.at))
        }
        case 'InvocationDenied': {
          const at = cause(record.value.deniedAt, record.value.invocationId)
          return change(at, states, ({ session }) => kernel.deny(session, record.value, at.at))
        }
        case 'SessionEnded': {
          const at = cause(record.value.endedAt)
          return change(at, states, ({ session }) => kernel.end(session, record.value, at.at))
        }
        case 'Tick':
          return tickSessions(input, states, scheduleOf(states), { kernel, outputs, settle, forgetAfterMs })
        default:
          return nothing
      }
    },

    processPoison(key, { partition, offset, appendedAt }, states) {
      const input = { partition, offset, appendedAt, key } as InputRecord
      const cause: Cause = { input, sessionId: key, at: appendedAt, invocationId: null }
      return change(cause, states, ({ session }) => kernel.undecodable(session, appendedAt))
    },

    encodeState: ({ session, human }) => {
      const state = Buffer.from(encodeSession(session))
      return codec.encode('scorer-state', 'SessionState', { human, encoding: state[0] ?? 0, state })
    },

    decodeState: value => {
      const record = codec.decode(value)
      if (record.name !== 'SessionState') throw new TypeError(`expected a SessionState, got ${record.name}`)
      return { session: decodeSession(record.value.state), human: record.value.human }
    },

    tick: (partition, now) => ({
      topic: 'session-events',
      partition,
      key: '\0tick',
      value: codec.encode('session-events', 'Tick', { partition, tickedAt: now }),
    }),

    beat: (partition, position, now) => ({
      topic: 'session-decisions',
      partition,
      key: '\0beat',
      value: codec.encode('session-decisions', 'Beat', {
        partition,
        position: Number(position),
        beatAt: now,
      }),
    }),
  }
}

// A record that stands under another session's key was written by something broken or lying.
const refuseForeignKey = ({ key }: InputRecord, value: object): void => {
  if (!('sessionId' in value) || value.sessionId === key) return
  throw new CordonError(
    'RECORD_KEY_MISMATCH',
    'session event: expected the key to be its session, got another',
  )
}
