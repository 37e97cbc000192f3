import type { KeyObject } from 'node:crypto'

import type { EnginePorts } from '@cordon/engine'
import { seededRandom } from '@cordon/foundation'
import type { SessionEvent } from '@cordon/risk'
import { topicCatalogue } from '@cordon/schemas'
import { createLocalSerde } from '@cordon/serde'
import { createMemoryClient } from '@cordon/stream'
import type { TraceSession } from '@cordon/traces'

import { bundleOf, type CallBundles } from './call-bundles.ts'
import { openPlayedPorts } from './open-played-ports.ts'
import { judgedByNobody, playedPorts } from './played-ports.ts'
import { play } from './player.ts'
import { recordTime } from './record-time.ts'
import { makeTimeline } from './timeline.ts'

export interface EngineLogOptions {
  readonly bundles: CallBundles
  /** That of the deployment whose sessions will be compared. */
  readonly fingerprintKey: KeyObject
}

/** Makes session logs of recordings: what identity and the engine would have published. */
export interface EngineLogs {
  /** The session's log in its order. The same recording always gives the same, but for its ids. */
  logOf(trace: TraceSession): Promise<readonly SessionEvent[]>
  close(): Promise<void>
}

/** When every recorded session ends; any time would do. Milliseconds since the Unix epoch. */
const endMs = Date.UTC(2026, 0, 1)

export const openEngineLogs = async ({ bundles, fingerprintKey }: EngineLogOptions): Promise<EngineLogs> => {
  const client = createMemoryClient()
  const topics = { partitions: 1, replicationFactor: 1, minInSyncReplicas: 1 }
  await client.admin.ensureTopics(Object.values(topicCatalogue), topics)
  const codec = createLocalSerde()
  const opened = await openPlayedPorts({ bundle: bundleOf({}), fingerprintKey, client, codec })
  const random = seededRandom(1)
  let log: SessionEvent[] = []
  const collecting: EnginePorts = {
    ...opened.ports,
    sessionLog: {
      append: (_sessionId, records) => {
        for (const record of records) log.push({ ...record, at: recordTime(record) })
        return { onRecord: () => Promise.resolve(true) }
      },
    },
    gateVerdicts: judgedByNobody,
  }
  const target = {
    ports: playedPorts(collecting, () => undefined),
    room: () => Promise.resolve(),
    write: (_sessionId: string, event: SessionEvent) => void log.push(event),
    tick: () => undefined,
  }
  return {
    async logOf(trace) {
      log = []
      const steps = makeTimeline([trace], { partitions: 1, concurrent: 1, endMs, random })
      await play(steps, target, { bundles })
      return log
    },
    close: async () => {
      await opened.close()
      await client.close()
    },
  }
}
