import type { SessionId } from '@cordon/foundation'
import { makeSessionId, type Random } from '@cordon/foundation'
import type { TraceCall, TraceSession } from '@cordon/traces'

import { ReplayError } from './replay-error.ts'

/** One recorded session as it is played: who it is, and when it starts. */
export interface PlayedSession {
  readonly sessionId: SessionId
  readonly trace: TraceSession
  /** Recorded time, milliseconds since the Unix epoch. */
  readonly startMs: number
}

/** What happens at one moment of recorded time. */
export type PlayedStep = {
  /** Recorded time, milliseconds since the Unix epoch. */
  readonly atMs: number
  readonly session: PlayedSession
} & (
  | { readonly kind: 'open' | 'end' }
  | { readonly kind: 'call' | 'result'; readonly call: TraceCall; readonly index: number }
)

export interface TimelineOptions {
  readonly partitions: number
  /** How many sessions are alive at one moment, on average. */
  readonly concurrent: number
  /** Recorded time at which the last session ends, milliseconds since the Unix epoch. */
  readonly endMs: number
  readonly random: Random
}

const dayMs = 24 * 60 * 60 * 1000

const durationOf = ({ calls }: TraceSession): number =>
  calls.reduce((last, { endMs }) => Math.max(last, endMs), 0)

/**
 * Lays sessions side by side: each keeps its own pace, their starts are spread so that `concurrent` are alive at once.
 * @throws ReplayError `RECORDING_TOO_LONG` where they would begin before 1970, before which records have no time
 */
export const makeTimeline = (traces: readonly TraceSession[], options: TimelineOptions): PlayedStep[] => {
  const total = traces.reduce((sum, trace) => sum + durationOf(trace), 0)
  const spacing =
    traces.length === 0 ? 0 : total / traces.length / Math.min(options.concurrent, traces.length)
  const steps = traces.flatMap((trace, index) => stepsOf(trace, index * spacing, options))
  const shift = options.endMs - steps.reduce((last, { atMs }) => Math.max(last, atMs), 0)
  if (shift < 0)
    throw new ReplayError(
      'RECORDING_TOO_LONG',
      `recorded sessions: expected them to fit between 1970 and now, got ${Math.ceil((options.endMs - shift) / dayMs)} days; play more at a time (--concurrent)`,
    )
  return steps.map(step => ({ ...step, atMs: Math.round(step.atMs + shift) })).sort((a, b) => a.atMs - b.atMs)
}

const stepsOf = (
  trace: TraceSession,
  startMs: number,
  { partitions, random }: TimelineOptions,
): PlayedStep[] => {
  const partition = Math.floor(random() * partitions)
  const session = { sessionId: makeSessionId(partition, randomUuid(random)), trace, startMs }
  return [
    { kind: 'open', atMs: startMs, session },
    ...trace.calls.flatMap((call, index): PlayedStep[] => [
      { kind: 'call', atMs: startMs + call.startMs, session, call, index },
      { kind: 'result', atMs: startMs + call.endMs, session, call, index },
    ]),
    { kind: 'end', atMs: startMs + durationOf(trace) + 1, session },
  ]
}

const randomUuid = (random: Random): string => {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
