import type { KeyObject } from 'node:crypto'

import type { EnginePorts } from '@cordon/engine'
import { seededRandom } from '@cordon/foundation'
import type { Bundle } from '@cordon/policy'
import { topicCatalogue } from '@cordon/schemas'
import { BaselineBuilder, emptyBaselines, type Baselines, type SessionEvent } from '@cordon/risk'
import { createLocalSerde } from '@cordon/serde'
import { createMemoryClient } from '@cordon/stream'
import type { TraceSession } from '@cordon/traces'

import { openPlayedPorts } from './open-played-ports.ts'
import { judgedByNobody, playedPorts } from './played-ports.ts'
import { play } from './player.ts'
import { recordTime } from './record-time.ts'
import { makeTimeline } from './timeline.ts'

export interface LearnOptions {
  readonly bundle: Bundle
  /** That of the deployment whose sessions will be compared with what is learned. */
  readonly fingerprintKey: KeyObject
}

/**
 * What recorded sessions teach, taken as closed in good standing: they are played through the engine's checks, and what
 * it would have published is learned instead.
 */
export const learnBaselines = async (
  traces: readonly TraceSession[],
  options: LearnOptions,
): Promise<Baselines> => {
  if (traces.length === 0) return emptyBaselines
  const client = createMemoryClient()
  const topics = { partitions: 1, replicationFactor: 1, minInSyncReplicas: 1 }
  await client.admin.ensureTopics(Object.values(topicCatalogue), topics)
  const opened = await openPlayedPorts({ ...options, client, codec: createLocalSerde() })
  try {
    return learnFrom(await collectEvents(traces, opened.ports))
  } finally {
    await opened.close()
    await client.close()
  }
}

const learnFrom = (logs: Iterable<readonly SessionEvent[]>): Baselines => {
  const builder = new BaselineBuilder()
  for (const log of logs) builder.learn(log)
  return builder.baselines()
}

/** What the engine would publish, by session. */
const collectEvents = async (
  traces: readonly TraceSession[],
  ports: EnginePorts,
): Promise<Iterable<readonly SessionEvent[]>> => {
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
        return { onRecord: () => Promise.resolve(true) }
      },
    },
    gateVerdicts: judgedByNobody,
  }
  const timeline = makeTimeline(traces, {
    partitions: 1,
    concurrent: 100,
    endMs: Date.now(),
    random: seededRandom(1),
  })
  await play(timeline, {
    ports: playedPorts(collecting, () => undefined),
    room: () => Promise.resolve(),
    write: note,
    tick: () => undefined,
  })
  return logs.values()
}
