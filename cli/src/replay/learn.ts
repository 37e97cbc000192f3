import type { EnginePorts } from '@cordon/engine'
import type { GateVerdict } from '@cordon/schemas'
import { BaselineBuilder, type Baselines, type SessionEvent } from '@cordon/risk'
import type { TraceSession } from '@cordon/traces'

import { playedPorts } from './played-ports.ts'
import { play } from './player.ts'
import { recordTime } from './record-time.ts'
import { makeTimeline, type TimelineOptions } from './timeline.ts'

/**
 * What recorded sessions teach, taken as closed in good standing: they are played through the engine's checks, and what
 * it would have published is learned instead.
 */
export const learnBaselines = async (
  traces: readonly TraceSession[],
  ports: EnginePorts,
  options: TimelineOptions,
): Promise<Baselines> => {
  const logs = new Map<string, SessionEvent[]>()
  const note = (sessionId: string, event: SessionEvent): void => {
    const log = logs.get(sessionId)
    if (log === undefined) logs.set(sessionId, [event])
    else log.push(event)
  }
  const collecting: EnginePorts = {
    ...ports,
    sessionLog: {
      append: (sessionId, records) => {
        for (const record of records) note(sessionId, { ...record, at: recordTime(record) })
        return Promise.resolve(true)
      },
    },
    gateVerdicts: { expect: () => ({ arrived: Promise.resolve(judgedByNobody), abandon: () => undefined }) },
  }
  await play(makeTimeline(traces, options), {
    ports: playedPorts(collecting, () => undefined),
    write: (sessionId, event) => note(sessionId, event),
    passTime: () => undefined,
  })
  const builder = new BaselineBuilder()
  for (const log of logs.values()) builder.learn(log)
  return builder.baselines()
}

const judgedByNobody: GateVerdict = {
  engineId: '',
  sessionId: '',
  invocationId: '',
  sequence: 0,
  verdict: 'forward',
  standing: 'trusted',
  score: 0,
  evidence: 0,
  contributions: [],
  version: 0,
  decidedAt: 0,
}
