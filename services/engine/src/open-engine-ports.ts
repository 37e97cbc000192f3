import type { KeyObject } from 'node:crypto'

import { createDecisionVerifier } from '@cordon/decisions'
import type { EngineId, SessionId } from '@cordon/foundation'
import { parseInvocationId, uuidV7 } from '@cordon/foundation'
import type { BundleSource } from '@cordon/policy'
import type { GateVerdict, SessionDecision, Standing } from '@cordon/schemas'
import type { LogRecord, RecordCodec, StreamClient } from '@cordon/stream'

import { openKafkaGateVerdicts } from './adapters/kafka-gate-verdicts.ts'
import { openKafkaSessionDecisions } from './adapters/kafka-session-decisions.ts'
import type { OpenSessionLog } from './adapters/kafka-session-log.ts'
import { openLocalExtraction } from './adapters/local-extraction.ts'
import { startReplayReports } from './adapters/replay-reports.ts'
import { timerDeadlines } from './adapters/timer-deadlines.ts'
import { createDecisionTable, type RefusalCause } from './core/decision-table.ts'
import { createRateLimiter } from './core/rate-limiter.ts'
import { createReplayedStandings } from './core/replayed-standings.ts'
import { createSessionSequences } from './core/session-sequences.ts'
import type { CallerPorts, EnginePorts } from './ports.ts'

/** What the ports say of themselves. */
export interface EnginePortEvents {
  decisionArrived(decision: SessionDecision, receivedAt: number, isLive: boolean): void
  gateAnswered(verdict: GateVerdict, waitedMs: number): void
  gateTimedOut(waitedMs: number): void
  decisionRefused(refused: Refused): void
  /** Somebody else than the scorer answered a gated call that waits. */
  verdictForged(sessionId: SessionId, standing: Standing): void
  recordUnreadable(record: LogRecord, error: unknown): void
}

/** A record of `session-decisions` that somebody else than the scorer wrote, or wrote again. */
export interface Refused {
  readonly cause: RefusalCause
  /** `undefined`: it was a beat. */
  readonly decision: SessionDecision | undefined
  /** The session's standing, which it did not change. */
  readonly standing: Standing
  /** False while the table is still being read for the first time. */
  readonly isLive: boolean
}

export interface EnginePortOptions {
  readonly engineId: EngineId
  readonly client: StreamClient
  readonly codec: RecordCodec
  readonly bundles: BundleSource
  readonly fingerprintKey: KeyObject
  /** Who turns tokens into sessions; played sessions have none and come in by their principal. */
  readonly callers: CallerPorts
  readonly events: EnginePortEvents
  /** Closed with the ports. */
  readonly sessionLog: OpenSessionLog
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
  callers,
  events,
  sessionLog,
}: EnginePortOptions): Promise<OpenEnginePorts> => {
  const sequences = createSessionSequences()
  const rates = createRateLimiter()
  const onFault = (record: LogRecord, error: unknown): void => events.recordUnreadable(record, error)
  const extraction = await openLocalExtraction(fingerprintKey)
  const verifier = createDecisionVerifier(bundles.current()?.decisionKeys ?? [])
  const table = createDecisionTable({
    verifier,
    onForgotten(sessionId) {
      sequences.forget(sessionId)
      rates.forget(sessionId)
    },
  })
  const standingOf = (sessionId: SessionId): Standing => table.find(sessionId)?.decision.standing ?? 'unknown'
  const gateVerdicts = await openKafkaGateVerdicts({
    client,
    codec,
    engineId,
    verifier,
    onForged: sessionId => events.verdictForged(sessionId, standingOf(sessionId)),
    onFault,
    onAnswered: (verdict, waitedMs) => events.gateAnswered(verdict, waitedMs),
    onTimeout: waitedMs => events.gateTimedOut(waitedMs),
  })
  const replays = createReplayedStandings()
  const decisions = await openKafkaSessionDecisions({
    client,
    codec,
    table,
    replays,
    onFault,
    onDecision: (decision, receivedAt, isLive) => events.decisionArrived(decision, receivedAt, isLive),
    onRefused: (cause, decision, isLive) => {
      const standing = decision ? standingOf(decision.sessionId as SessionId) : 'unknown'
      events.decisionRefused({ cause, decision, standing, isLive })
    },
  })
  const stopReports = startReplayReports({
    engineId,
    // What follows in the topic may be the answer.
    replays: { due: now => (decisions.isCaughtUp ? replays.due(now) : []) },
    sessionLog,
  })

  return {
    ports: {
      ...callers,
      bundles,
      decisions,
      extraction,
      sessionLog,
      sequences,
      rates,
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
      stopReports()
      await sessionLog.close()
      await Promise.all([decisions.close(), gateVerdicts.close()])
    },
  }
}
