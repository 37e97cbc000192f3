import type { KeyObject } from 'node:crypto'

import type { EngineId } from '@cordon/foundation'
import { parseInvocationId, uuidV7 } from '@cordon/foundation'
import type { BundleSource } from '@cordon/policy'
import type { GateVerdict, SessionDecision } from '@cordon/schemas'
import type { LogRecord, RecordCodec, StreamClient } from '@cordon/stream'

import { openKafkaGateVerdicts } from './adapters/kafka-gate-verdicts.ts'
import { openKafkaSessionDecisions } from './adapters/kafka-session-decisions.ts'
import { createKafkaSessionLog } from './adapters/kafka-session-log.ts'
import { openLocalExtraction } from './adapters/local-extraction.ts'
import { timerDeadlines } from './adapters/timer-deadlines.ts'
import { createDecisionTable } from './core/decision-table.ts'
import { createSessionSequences } from './core/session-sequences.ts'
import type { EnginePorts, SessionRecord, SessionTokens } from './ports.ts'

/** 10,000 records of some 600 bytes: seconds of a busy engine, and 6 MB. */
const defaultMaxPendingRecords = 10_000

/** What the ports say of themselves. */
export interface EnginePortEvents {
  decisionArrived(decision: SessionDecision, receivedAt: number, isLive: boolean): void
  gateAnswered(verdict: GateVerdict, waitedMs: number): void
  gateTimedOut(waitedMs: number): void
  recordsRefused(records: readonly SessionRecord[]): void
  recordsLost(records: readonly SessionRecord[], error: unknown): void
  recordUnreadable(record: LogRecord, error: unknown): void
}

export interface EnginePortOptions {
  readonly engineId: EngineId
  readonly client: StreamClient
  readonly codec: RecordCodec
  readonly bundles: BundleSource
  readonly fingerprintKey: KeyObject
  /** Who turns tokens into sessions; played sessions have none and come in by their principal. */
  readonly tokens: SessionTokens
  readonly events: EnginePortEvents
  readonly maxPendingRecords?: number
  /** Record → its timestamp, milliseconds since the Unix epoch: sessions that are played keep their time. Default: when it is sent. */
  readonly recordTime?: (record: SessionRecord) => number
}

/** The real publishing path: an engine's ports on Kafka, for the service and for played sessions alike. */
export interface OpenEnginePorts {
  readonly ports: EnginePorts
  /** Resolves when the table of decisions is complete. */
  readonly caughtUp: Promise<void>
  readonly isCaughtUp: boolean
  readonly pendingRecords: number
  readonly heldSessions: number
  readonly stalenessMs: number
  readonly waitingCalls: number
  /** Rejects when decisions or verdicts cannot be read any more. */
  readonly failed: Promise<never>
  /** Publishes what is pending, then closes; the client stays open. */
  close(): Promise<void>
}

export const openEnginePorts = async ({
  engineId,
  client,
  codec,
  bundles,
  fingerprintKey,
  tokens,
  events,
  maxPendingRecords = defaultMaxPendingRecords,
  recordTime,
}: EnginePortOptions): Promise<OpenEnginePorts> => {
  const sequences = createSessionSequences()
  const onFault = (record: LogRecord, error: unknown): void => events.recordUnreadable(record, error)
  const extraction = await openLocalExtraction(fingerprintKey)
  const publisher = await client.openPublisher()
  const gateVerdicts = await openKafkaGateVerdicts({
    client,
    codec,
    engineId,
    onFault,
    onAnswered: (verdict, waitedMs) => events.gateAnswered(verdict, waitedMs),
    onTimeout: waitedMs => events.gateTimedOut(waitedMs),
  })
  const decisions = await openKafkaSessionDecisions({
    client,
    codec,
    table: createDecisionTable(sessionId => sequences.forget(sessionId)),
    onFault,
    onDecision: (decision, receivedAt, isLive) => events.decisionArrived(decision, receivedAt, isLive),
  })
  const sessionLog = createKafkaSessionLog({
    publisher,
    codec,
    maxPendingRecords,
    recordTime,
    onRefused: records => events.recordsRefused(records),
    onLost: (records, error) => events.recordsLost(records, error),
  })

  return {
    ports: {
      tokens,
      bundles,
      decisions,
      extraction,
      sessionLog,
      sequences,
      gateVerdicts,
      deadlines: timerDeadlines,
      newInvocationId: now => parseInvocationId(uuidV7(now)),
    },
    caughtUp: decisions.caughtUp,
    get isCaughtUp() {
      return decisions.isCaughtUp
    },
    get pendingRecords() {
      return sessionLog.pendingRecords
    },
    get heldSessions() {
      return decisions.size
    },
    get stalenessMs() {
      return decisions.maxStaleness
    },
    get waitingCalls() {
      return gateVerdicts.waiting
    },
    failed: Promise.race([decisions.failed, gateVerdicts.failed]),
    async close() {
      await publisher.close()
      await Promise.all([decisions.close(), gateVerdicts.close()])
    },
  }
}
