import type { AdmitAnswer, AuthorizeAnswer, OutcomeReport } from '@cordon/engine-socket'
import type { Clock, EngineId } from '@cordon/foundation'
import type { SessionToken } from '@cordon/tokens'

import type { PrincipalCallFacts, TokenCallFacts } from './core/call-checks.ts'
import { admitChecks, callChecks, principalChecks } from './core/call-checks.ts'
import type { Call, CallFacts } from './core/call-facts.ts'
import type { CheckedCall } from './core/check-order.ts'
import { runChecks } from './core/check-order.ts'
import { createOpenInvocations } from './core/open-invocations.ts'
import { outcomeRecord } from './core/outcome-record.ts'
import { refusalRecords } from './core/refusal-records.ts'
import type { EnginePorts } from './ports.ts'

/** 100,000 calls in flight need some 30 MB; the oldest of more are calls whose enforcement point died. */
const defaultMaxOpenInvocations = 100_000

/** What the engine tells whoever counts and logs. */
export interface EngineObserver {
  /** @param decidedAt milliseconds since the Unix epoch */
  callDecided(call: CheckedCall, decidedAt: number): void
  /** An outcome came for a call that is not open: reported twice, or forwarded before this engine started. */
  outcomeUnattributed(report: OutcomeReport): void
}

export interface EngineOptions {
  readonly engineId: EngineId
  readonly ports: EnginePorts
  /** Recorded time, where recorded sessions are played. */
  readonly clock: Clock
  readonly observer: EngineObserver
  readonly maxOpenInvocations?: number
}

/** The policy decision point: everything between a call and its verdict. */
export interface Engine {
  /** @param token the session token, as it came; empty where none did */
  authorize(token: string, call: Call): Promise<AuthorizeAnswer>
  /** The same for a session that is established by other means than its token. */
  authorizePrincipal(principal: SessionToken, call: Call): Promise<AuthorizeAnswer>
  admit(token: string, server: string): Promise<AdmitAnswer>
  recordOutcome(report: OutcomeReport): void
}

export const createEngine = ({
  engineId,
  ports,
  clock,
  observer,
  maxOpenInvocations = defaultMaxOpenInvocations,
}: EngineOptions): Engine => {
  const open = createOpenInvocations(maxOpenInvocations)

  const arrive = (call: Call): CallFacts => {
    const now = clock.now()
    return { call, engineId, now, invocationId: ports.newInvocationId(now) }
  }

  /** Puts the verdict on record and in words. */
  const conclude = (checked: CheckedCall): AuthorizeAnswer => {
    const { facts, refused } = checked
    const { principal, invocationId, attempt } = facts
    const decidedAt = clock.now()
    observer.callDecided(checked, decidedAt)
    const session = principal && { sessionId: principal.sessionId }
    if (refused === undefined) {
      if (attempt === undefined || principal === undefined) return { verdict: 'forward', ...session }
      open.add(invocationId, { sessionId: principal.sessionId, tool: attempt.tool })
      return { verdict: 'forward', ...session, invocationId }
    }
    const { verdict, reason, message } = refused
    const refusal = { reason, message }
    if (principal === undefined) return { verdict, refusal }
    if (refused.isRepeated === true) return { verdict, refusal, ...session }
    const records = refusalRecords(facts, refused, () => ports.sequences.next(principal.sessionId), decidedAt)
    // Nobody waits for a refusal to be on record: nothing is forwarded either way, and a full queue is counted by the log.
    if (records.length > 0) void ports.sessionLog.append(principal.sessionId, records, 'soon')
    return { verdict, refusal, ...session, ...(records.length > 0 && { invocationId }) }
  }

  return {
    async authorize(token, call) {
      const start: TokenCallFacts = { ...arrive(call), token }
      return conclude(await runChecks(callChecks, start, ports))
    },
    async authorizePrincipal(principal, call) {
      const start: PrincipalCallFacts = { ...arrive(call), principal }
      return conclude(await runChecks(principalChecks, start, ports))
    },
    async admit(token, server) {
      const start: TokenCallFacts = { ...arrive({ server, tool: '', arguments: {} }), token }
      const { facts, refused } = await runChecks(admitChecks, start, ports)
      const session = facts.principal && { sessionId: facts.principal.sessionId }
      if (refused === undefined) return { admitted: true, ...session }
      return { admitted: false, ...session, refusal: { reason: refused.reason, message: refused.message } }
    },
    recordOutcome(report) {
      const invocation = open.take(report.invocationId)
      if (invocation === undefined) return observer.outcomeUnattributed(report)
      const value = outcomeRecord(report, invocation, ports.extraction, clock.now())
      void ports.sessionLog.append(invocation.sessionId, [{ name: 'InvocationCompleted', value }], 'later')
    },
  }
}
