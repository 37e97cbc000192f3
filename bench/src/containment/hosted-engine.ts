import { createEngine, type Engine, type EnginePorts } from '@cordon/engine'
import { parseEngineId, systemClock, type SessionId } from '@cordon/foundation'
import type { Bundle } from '@cordon/policy'
import type { SessionDecision } from '@cordon/schemas'
import type { RecordCodec } from '@cordon/stream'

import { openBenchEnginePorts } from '../stack/bench-engine-ports.ts'
import { openClient, type StreamAccess } from '../stack/stream-access.ts'

/** An engine with a Kafka client and a table of its own. */
export interface HostedEngine {
  readonly index: number
  /** As it is in service: what it lets pass and what it refuses goes on record. */
  readonly engine: Engine
  /** The same checks and table, but nothing goes on record: dozens of engines that ask all the time would be a load of their own. */
  readonly asking: Engine
  holds(sessionId: SessionId): boolean
  close(): Promise<void>
}

export interface HostedEngineOptions {
  readonly index: number
  readonly access: StreamAccess
  readonly codec: RecordCodec
  readonly bundle: Bundle
  readonly onDecision: (decision: SessionDecision) => void
}

/** Resolves when its table is complete. */
export const openHostedEngine = async (options: HostedEngineOptions): Promise<HostedEngine> => {
  const { index, access, codec, bundle, onDecision } = options
  const client = openClient(access)
  const engineId = `engine-${index}`
  const opened = await openBenchEnginePorts({ engineId, client, codec, bundle, onDecision })
  await opened.caughtUp
  const engineOn = (ports: EnginePorts): Engine =>
    createEngine({ engineId: parseEngineId(engineId), ports, clock: systemClock, observer: silent })
  return {
    index,
    engine: engineOn(opened.ports),
    asking: engineOn({ ...opened.ports, sessionLog: unrecorded, sequences: uncounted }),
    holds: sessionId => opened.ports.decisions.find(sessionId) !== undefined,
    close: async () => {
      await opened.close()
      await client.close()
    },
  }
}

const silent = {
  callDecided: () => undefined,
  proofReplayed: () => undefined,
  outcomeUnattributed: () => undefined,
}
const unrecorded: EnginePorts['sessionLog'] = { append: () => ({ onRecord: () => Promise.resolve(true) }) }
const uncounted: EnginePorts['sequences'] = { next: () => 0 }
