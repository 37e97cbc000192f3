import type { EngineServerEvent, OutcomeReport, RefusalReason } from '@cordon/engine-socket'
import type { SessionId } from '@cordon/foundation'
import type { EngineJwk } from '@cordon/policy'
import type { GateVerdict, SessionDecision, Standing } from '@cordon/schemas'
import type { LogRecord } from '@cordon/stream'
import type { Telemetry } from '@cordon/telemetry'
import type { RevocationStatement } from '@cordon/tokens'

import type { Announced } from './adapters/call-keys/key-announcer.ts'
import { blockLatency } from './core/block-latency.ts'
import type { CheckedCall } from './core/check-order.ts'
import type { EngineObserver } from './engine.ts'
import { createLineSampler } from './core/line-sampler.ts'
import { createEngineMetrics } from './metrics.ts'
import type { Refused } from './open-engine-ports.ts'
import type { LoggedRecord } from './ports.ts'
import type { SpoolFault } from './adapters/spool/spool-folder.ts'

const standingReasons: ReadonlySet<RefusalReason> = new Set([
  'SESSION_SUSPENDED',
  'SESSION_ENDED',
  'SESSION_READ_ONLY',
  'STEP_UP_REQUIRED',
])

/** What is read on each scrape. */
interface EngineGauges {
  readonly pendingRecords: () => number
  readonly spoolBytes: () => number
  readonly heldSessions: () => number
  readonly revokedScopes: () => number
  readonly stalenessMs: () => number
  readonly waitingCalls: () => number
}

/** One function per fact: the log line and the metric of it. */
export interface EngineEvents extends EngineObserver {
  decisionArrived(decision: SessionDecision, receivedAt: number, isLive: boolean): void
  decisionRefused(refused: Refused): void
  verdictForged(sessionId: SessionId, standing: Standing): void
  decisionKeysMissing(): void
  revocationChanged(change: 'revoked' | 'reinstated', statement: RevocationStatement, isLive: boolean): void
  revocationRefused(cause: 'forged' | 'replayed', scope: string, isLive: boolean): void
  signalLost(error: unknown): void
  gateAnswered(verdict: GateVerdict, waitedMs: number): void
  gateTimedOut(waitedMs: number): void
  recordsRefused(records: readonly LoggedRecord[]): void
  recordLost(error: unknown): void
  spoolFault(fault: SpoolFault, detail: unknown): void
  recordsRecovered(records: number): void
  recordKnown(): void
  recordUnreadable(record: LogRecord, error: unknown): void
  keysRefreshed(keyIds: readonly string[]): void
  keysNotRefreshed(error: unknown, isHeld: boolean): void
  /** @param entry what the bundle would have to have */
  callKeysAnnounced(outcome: Announced, keyIds: readonly string[], entry: EngineJwk): void
  callKeysNotAnnounced(error: unknown): void
  socketEvent(event: EngineServerEvent): void
  /** To be called once, when what the gauges read is there. */
  watch(gauges: EngineGauges): void
}

const secondsOf = (milliseconds: number): number => milliseconds / 1000

/** @param now milliseconds of a clock that never steps */
export const createEvents = (
  telemetry: Telemetry,
  now: () => number = () => performance.now(),
): EngineEvents => {
  const { log } = telemetry
  const metrics = createEngineMetrics(telemetry)
  let connected = 0
  const unreadable = createLineSampler(now)
  const refusedDecisions = createLineSampler(now)
  const forgedVerdicts = createLineSampler(now)

  const callRefused = ({ facts, refused: reason }: CheckedCall, decidedAt: number): void => {
    const { principal, held, gateVerdict, invocationId, call } = facts
    if (reason === undefined || principal === undefined) return
    const what = {
      sessionId: principal.sessionId,
      invocationId,
      tool: `${call.server}/${call.tool}`,
      reason: reason.reason,
    }
    if (gateVerdict !== undefined) {
      const { score, evidence, standing } = gateVerdict
      const callToBlockMs = decidedAt - facts.now
      return log.info(
        { ...what, verdict: reason.verdict, standing, score, evidence, callToBlockMs },
        'call refused by the gate',
      )
    }
    if (held === undefined || !standingReasons.has(reason.reason)) return log.info(what, 'call refused')
    const { standing, causedBy, version, decidedAt: since } = held.decision
    const latency = blockLatency(held, decidedAt)
    if (latency.callToDecisionMs !== undefined)
      metrics.callToDecision.observe(secondsOf(latency.callToDecisionMs))
    metrics.decisionToBlock.observe(secondsOf(latency.decisionToBlockMs))
    log.info(
      { ...what, standing, causedBy, version, ageMs: decidedAt - since, ...latency },
      'call refused by standing',
    )
  }

  return {
    callDecided(checked, decidedAt) {
      const { facts, refused: reason } = checked
      if (reason !== undefined) {
        metrics.refused.add(1, { reason: reason.reason })
        // A flood must not fill the log either.
        if (reason.isRepeated !== true) callRefused(checked, decidedAt)
        return
      }
      metrics.forwarded.add(1, { mode: facts.entry?.mode ?? 'enforce' })
      if (facts.attempt === undefined) metrics.unrecorded.add(1)
    },
    callRepeated(refused) {
      if (refused === undefined) metrics.repeated.add(1)
      else metrics.refused.add(1, { reason: refused.reason })
    },
    proofReplayed({ sessionId, tokenId }, server) {
      metrics.proofsReplayed.add(1)
      log.warn({ sessionId, tokenId, server }, 'proof replayed')
    },
    toolDrifted({ sessionId }, server, tool) {
      metrics.toolsDrifted.add(1)
      log.warn({ sessionId, tool: `${server}/${tool}` }, 'tool drifted from its pin')
    },
    revocationChanged(change, { scope, version, by, reason }, isLive) {
      metrics.revocations.add(1, { change })
      if (isLive) log.warn({ change, scope, version, by, reason }, 'revocation changed')
    },
    revocationRefused(cause, scope, isLive) {
      metrics.revocationsRefused.add(1, { cause })
      // What stands in the topic is met again at every start.
      if (isLive) log.error({ cause, scope }, 'revocation refused')
      else log.info({ cause, scope }, 'revocation refused')
    },
    outcomeTakenOver({ invocationId }: OutcomeReport) {
      metrics.takenOver.add(1)
      log.info({ invocationId }, 'outcome taken over from another engine')
    },
    outcomeUnattributed(report: OutcomeReport) {
      metrics.unattributed.add(1)
      log.debug({ invocationId: report.invocationId }, 'outcome of no open call')
    },
    decisionArrived(decision, receivedAt, isLive) {
      metrics.decisions.add(1, { standing: decision.standing })
      if (!isLive) return
      metrics.decisionAge.observe(secondsOf(Math.max(0, receivedAt - decision.decidedAt)))
      const { sessionId, standing, score, version, causedBy } = decision
      log.info(
        { sessionId, standing, score, version, causedBy, ageMs: receivedAt - decision.decidedAt },
        'decision arrived',
      )
    },
    decisionRefused({ cause, decision, standing, isLive }) {
      metrics.decisionsRefused.add(1, { cause })
      const leftOut = refusedDecisions.take()
      if (leftOut === undefined) return
      const { sessionId, version, standing: claimed } = decision ?? {}
      const what = { cause, sessionId, version, claimed, standing, leftOut }
      // What stands in the topic is met again at every start.
      if (isLive) log.error(what, 'decision refused')
      else log.info(what, 'decision refused')
    },
    verdictForged(sessionId, standing) {
      metrics.decisionsRefused.add(1, { cause: 'verdict_forged' })
      const leftOut = forgedVerdicts.take()
      if (leftOut !== undefined) log.error({ sessionId, standing, leftOut }, 'gate verdict forged')
    },
    decisionKeysMissing() {
      log.error(
        { expected: 'decisionKeys in the bundle', got: 'none' },
        'no decision counts: every session is denied',
      )
    },
    signalLost(error) {
      metrics.signalsLost.add(1)
      log.error({ error }, 'signal lost')
    },
    gateAnswered({ verdict }, waitedMs) {
      metrics.gateWait.observe(secondsOf(waitedMs), { verdict })
    },
    gateTimedOut(waitedMs) {
      metrics.gateWait.observe(secondsOf(waitedMs), { verdict: 'timeout' })
      log.warn({ waitedMs }, 'gate timed out')
    },
    recordsRefused(records) {
      metrics.recordsRefused.add(records.length)
      log.warn({ records: records.map(({ name }) => name) }, 'no room on record')
    },
    recordLost(error) {
      metrics.recordsLost.add(1)
      log.error({ error }, 'record lost')
    },
    spoolFault(fault, detail) {
      metrics.spoolFaults.add(1, { fault })
      log.error({ fault, detail }, 'spool damaged')
    },
    recordsRecovered(records) {
      metrics.recordsRecovered.add(records)
      log.info({ records }, 'records of an earlier run found')
    },
    recordKnown() {
      metrics.recordsKnown.add(1)
    },
    recordUnreadable({ topic, partition, offset }, error) {
      metrics.unreadable.add(1)
      const leftOut = unreadable.take()
      if (leftOut === undefined) return
      log.error({ topic, partition, offset: String(offset), error, leftOut }, 'record not readable')
    },
    keysRefreshed(keyIds) {
      log.info({ keyIds }, 'keys held')
    },
    keysNotRefreshed(error, isHeld) {
      metrics.keyFaults.add(1)
      if (isHeld) log.warn({ error }, 'keys not refreshed')
      // Before the first set this is the issuer still starting.
      else log.info({ reason: error instanceof Error ? error.message : 'unknown' }, 'keys not there yet')
    },
    callKeysAnnounced(outcome, keyIds, entry) {
      metrics.callKeyAnnouncements.add(1, { outcome })
      if (outcome === 'accepted') return log.debug({ keyIds }, 'call keys announced')
      log.warn(
        { expected: 'this entry in identity.engines of the bundle of identity', entry },
        'call keys refused: tool servers do not find them at identity',
      )
    },
    callKeysNotAnnounced(error) {
      metrics.callKeyAnnouncements.add(1, { outcome: 'failed' })
      log.info({ reason: error instanceof Error ? error.message : 'unknown' }, 'call keys not announced yet')
    },
    socketEvent(event) {
      if (event.type === 'peer-broken') {
        metrics.peersBroken.add(1)
        log.warn({ error: event.error }, 'peer does not speak the protocol')
      } else if (event.type === 'notice-dropped') {
        metrics.noticesDropped.add(1)
      } else if (event.type === 'handler-failed') {
        metrics.handlersFailed.add(1)
        log.error({ error: event.error }, 'engine failed on a call')
      } else {
        connected += event.type === 'connected' ? 1 : -1
        metrics.connections.set(connected)
      }
    },
    watch(gauges) {
      telemetry.gauge({
        name: 'session_log_pending_records',
        help: 'Records not yet acknowledged.',
        read: gauges.pendingRecords,
      })
      telemetry.gauge({
        name: 'spool_bytes',
        help: 'What the spool takes on the disk.',
        read: gauges.spoolBytes,
      })
      telemetry.gauge({
        name: 'decision_table_sessions',
        help: 'Sessions in the table of decisions.',
        read: gauges.heldSessions,
      })
      telemetry.gauge({
        name: 'active_revocation_records',
        help: 'Scopes that may not act, by the kill switch: agents, humans, platforms, tools, sessions, grants, everything.',
        read: gauges.revokedScopes,
      })
      telemetry.gauge({
        name: 'decision_staleness_seconds',
        help: 'Age of the oldest partition’s last beat or fetch; infinite before the first.',
        read: () => secondsOf(gauges.stalenessMs()),
      })
      telemetry.gauge({
        name: 'gate_waiting_requests',
        help: 'Gated calls that wait.',
        read: gauges.waitingCalls,
      })
    },
  }
}
