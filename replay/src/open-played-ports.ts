import type { KeyObject } from 'node:crypto'

import {
  createKafkaSessionLog,
  openEnginePorts,
  playedCallers,
  type EnginePortEvents,
  type OpenEnginePorts,
} from '@cordon/engine'
import { parseEngineId } from '@cordon/foundation'
import type { Bundle } from '@cordon/policy'
import type { SessionDecision } from '@cordon/schemas'
import type { RecordCodec, StreamClient } from '@cordon/stream'

import { recordTime } from './record-time.ts'

export interface PlayedPortOptions {
  readonly client: StreamClient
  readonly codec: RecordCodec
  readonly bundle: Bundle
  readonly fingerprintKey: KeyObject
  readonly onDecision?: (decision: SessionDecision) => void
}

/** The engine's own ports. Records carry the time at which they were recorded, and nothing may be lost on the way. */
export const openPlayedPorts = async (options: PlayedPortOptions): Promise<OpenEnginePorts> => {
  const { client, codec, bundle, fingerprintKey, onDecision } = options
  return openEnginePorts({
    engineId: parseEngineId('replay'),
    client,
    codec,
    bundles: { current: () => bundle },
    fingerprintKey,
    callers: playedCallers,
    events: { ...strict, decisionArrived: decision => onDecision?.(decision) },
    sessionLog: createKafkaSessionLog({
      publisher: await client.openPublisher(),
      codec,
      recordTime,
      onRefused: () => lost('a full queue'),
      onLost: () => lost('a record that was not acknowledged'),
    }),
  })
}

const lost = (what: string): never => {
  throw new Error(`replay: expected every record to arrive, got ${what}`)
}

const strict: EnginePortEvents = {
  decisionArrived: () => undefined,
  gateAnswered: () => undefined,
  gateTimedOut: () => lost('a gated call without a verdict'),
  decisionRefused: () => lost('a decision that the scorer did not sign'),
  verdictForged: () => lost('a verdict that the scorer did not sign'),
  recordUnreadable: () => lost('a record that cannot be read'),
}
