import { createSecretKey } from 'node:crypto'

import {
  createKafkaSessionLog,
  openEnginePorts,
  playedCallers,
  type EnginePortEvents,
  type EnginePorts,
  type OpenEnginePorts,
} from '@cordon/engine'
import { parseEngineId } from '@cordon/foundation'
import type { Bundle } from '@cordon/policy'
import type { RecordCodec, StreamClient } from '@cordon/stream'

export interface BenchEngineOptions {
  readonly engineId: string
  readonly client: StreamClient
  readonly codec: RecordCodec
  readonly bundle: Bundle
  readonly onDecision: EnginePortEvents['decisionArrived']
  /** The kill switch, where a bench has one. */
  readonly revocations?: EnginePorts['revocations']
}

/** An engine's own ports on Kafka. What would be counted in service ends a bench: its figures would mean nothing. */
export const openBenchEnginePorts = async (options: BenchEngineOptions): Promise<OpenEnginePorts> => {
  const { engineId, client, codec, bundle, onDecision, revocations = playedCallers.revocations } = options
  return openEnginePorts({
    engineId: parseEngineId(engineId),
    client,
    codec,
    bundles: { current: () => bundle },
    fingerprintKey,
    // Sessions come in by their principal.
    callers: { ...playedCallers, revocations },
    events: {
      decisionArrived: onDecision,
      gateAnswered: () => undefined,
      gateTimedOut: () => undefined,
      decisionRefused: () => lost('a decision that the scorer did not sign'),
      verdictForged: () => lost('a verdict that the scorer did not sign'),
      recordUnreadable: () => lost('a record that cannot be read'),
    },
    sessionLog: createKafkaSessionLog({
      publisher: await client.openPublisher(),
      codec,
      onRefused: () => lost('a full queue'),
      onLost: () => lost('a record that was not acknowledged'),
    }),
  })
}

const lost = (what: string): never => {
  throw new Error(`bench engine: expected every record to arrive, got ${what}`)
}

// Fingerprints only have to agree among the engines of a run.
const fingerprintKey = createSecretKey(Buffer.alloc(32, 1))
