import type {
  AdmitAnswer,
  AdmitRequest,
  AuthorizeAnswer,
  OutcomeReport,
  ProvenRequest,
  VouchAnswer,
} from '@cordon/engine-socket'
import type { Clock, EngineId } from '@cordon/foundation'
import { pinsOf } from '@cordon/policy'
import type { SessionToken, TokenVerification } from '@cordon/tokens'

import { boundRefusal } from './core/bound-refusal.ts'
import { canonicalArguments } from './core/canonical-arguments.ts'
import type { PrincipalCallFacts, TokenCallFacts } from './core/call-checks.ts'
import { admitChecks, callChecks, principalChecks } from './core/call-checks.ts'
import type { Call, CallFacts, DecidedFacts } from './core/call-facts.ts'
import type { CheckedCall } from './core/check-order.ts'
import { runChecks } from './core/check-order.ts'
import { deny, type Refused } from './core/check.ts'
import { downstreamCall, guardedMethods } from './core/downstream-call.ts'
import {
  createOpenInvocations,
  type CompletedInvocation,
  type OpenInvocation,
} from './core/open-invocations.ts'
import { foreignInvocation } from './core/foreign-outcome.ts'
import { outcomeRecord } from './core/outcome-record.ts'
import type { ProvenKind } from './core/own-messages.ts'
import { createProvenContents } from './core/proven-contents.ts'
import type { CheckPorts, EnginePorts } from './ports.ts'
import { recordRefusal } from './record-refusal.ts'
import { createVouching, type VouchedFor } from './vouching.ts'

/** 100,000 calls in flight need some 30 MB; the oldest of more are calls whose enforcement point died. */
const defaultMaxOpenInvocations = 100_000

/** What the engine tells whoever counts and logs. */
export interface EngineObserver {
  /** @param decidedAt milliseconds since the Unix epoch */
  callDecided(call: CheckedCall, decidedAt: number): void
  /** A forwarded call got another token, or none: what changed meanwhile refuses it. */
  callRepeated(refused: Refused | undefined): void
  /** A session's proof came a second time, with a call or with another request. */
  proofReplayed(principal: SessionToken, server: string): void
  /** A session met a tool whose definition is not the one that the catalogue pins: it was not shown it, or may not call it. */
  toolDrifted(principal: SessionToken, server: string, tool: string): void
  /** An outcome is on record of a call that another engine let pass. */
  outcomeTakenOver(report: OutcomeReport): void
  /** An outcome came for a call that is not open, and nothing shows whose it is: reported twice, or let pass by another engine. */
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

type Admitted = Pick<AdmitRequest, 'server' | 'method' | 'contentDigest' | 'bytes'>

/** The policy decision point: everything between a call and its verdict. */
export interface Engine {
  /** @param shown the session token and its proof, as they came; empty where none did */
  authorize(shown: ProvenRequest, call: Call): Promise<AuthorizeAnswer>
  /** The same for a session that is established by other means than its token; nothing is forwarded. */
  authorizePrincipal(principal: SessionToken, call: Call): Promise<AuthorizeAnswer>
  admit(shown: ProvenRequest, message: Admitted): Promise<AdmitAnswer>
  /** Nothing is proved, and nothing is let through. */
  vouch(request: VouchedFor): Promise<VouchAnswer>
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
  const contents = createProvenContents()
  const checkPorts: CheckPorts = { ...ports, clock }

  const arrive = (call: Call): CallFacts => {
    const now = clock.now()
    const canonical = canonicalArguments(call, ports.extraction)
    return { call, canonical, engineId, now, invocationId: ports.newInvocationId(now) }
  }

  const noteReplay = ({ facts, refused }: CheckedCall): void => {
    if (refused?.reason === 'PROOF_REPLAYED' && facts.principal !== undefined)
      observer.proofReplayed(facts.principal, facts.call.server)
  }

  const noteDrift = ({ facts, refused }: CheckedCall): void => {
    if (refused?.reason === 'TOOL_DRIFTED' && facts.principal !== undefined)
      observer.toolDrifted(facts.principal, facts.call.server, facts.call.tool)
  }

  /** Puts the verdict on record and in words. */
  const conclude = (found: CheckedCall): AuthorizeAnswer => {
    const decidedAt = clock.now()
    const checked = boundRefusal(found, ports.rates, decidedAt)
    const { facts, refused } = checked
    const { principal, invocationId, attempt } = facts
    const nonce = ports.proofs.nonce(decidedAt)
    observer.callDecided(checked, decidedAt)
    noteReplay(checked)
    noteDrift(checked)
    const session = principal && { sessionId: principal.sessionId }
    if (refused === undefined) {
      const downstream = downstreamOf(facts)
      const token = principal &&
        downstream && {
          downstreamToken: ports.downstream.issue(principal, { id: invocationId, ...downstream }, decidedAt),
        }
      if (principal !== undefined && facts.call.restDigest !== undefined)
        contents.add(principal, 'rest', facts.call.restDigest)
      if (attempt === undefined || principal === undefined)
        return { verdict: 'forward', ...session, nonce, ...token }
      const { sessionId } = principal
      const { definition } = facts.call
      open.add(invocationId, {
        sessionId,
        tool: attempt.tool,
        openedAfter: contents.proved,
        ...(downstream && { downstream }),
        ...(definition !== undefined && { definition }),
      })
      return { verdict: 'forward', ...session, invocationId, nonce, ...token }
    }
    const { verdict, reason, message } = refused
    const isOnRecord = recordRefusal(facts, refused, ports, decidedAt)
    return {
      verdict,
      refusal: { reason, message },
      ...session,
      ...(isOnRecord && { invocationId }),
      ...(isFree(checked, isOnRecord) && { uncounted: true as const }),
      nonce,
    }
  }

  /**
   * Whether the number of a refused call's proof can be of another call: what is on no record would otherwise seem to have gone past every
   * engine. A proof that came again has the number of the call that it is a copy of. One that cannot be taken again stays missing: called free it
   * would be refused as a replay. Played calls have none.
   */
  const isFree = ({ facts, refused }: CheckedCall, isOnRecord: boolean): boolean => {
    const { principal, proven, shown } = facts
    if (shown === undefined || refused?.reason === 'PROOF_REPLAYED') return false
    if (proven === undefined || principal === undefined) return true
    return !isOnRecord && ports.proofs.giveBack(principal.sessionId, proven)
  }

  const vouch = createVouching({ ports, checkPorts, clock, observer, open, contents, arrive })

  const complete = (report: OutcomeReport, invocation: CompletedInvocation): void => {
    const value = outcomeRecord(report, invocation, ports.extraction, clock.now())
    void ports.sessionLog.append(invocation.sessionId, [{ name: 'InvocationCompleted', value }], 'later')
  }

  /** Of a call that another engine let pass. */
  const takeOver = (
    report: OutcomeReport,
    call: NonNullable<OutcomeReport['call']>,
    verification: TokenVerification,
  ): void => {
    const invocation = foreignInvocation(call, verification, ports, clock.now())
    if (invocation === undefined) return observer.outcomeUnattributed(report)
    observer.outcomeTakenOver(report)
    complete(report, invocation)
  }

  return {
    async authorize(shown, call) {
      const start: TokenCallFacts = { ...arrive(call), shown }
      return conclude(await runChecks(callChecks, start, checkPorts))
    },
    async authorizePrincipal(principal, call) {
      const start: PrincipalCallFacts = { ...arrive(call), principal }
      return conclude(await runChecks(principalChecks, start, checkPorts))
    },
    async admit(shown, { server, method, contentDigest, bytes }) {
      const call = { server, tool: '', arguments: {}, ...(bytes !== undefined && { bytes }) }
      const said = contentDigest === undefined ? {} : { contentDigest }
      const start = { ...arrive(call), shown, method, ...said }
      const checked = await runChecks(admitChecks, start, checkPorts)
      const { principal, bundle, invocationId: id } = checked.facts
      const refused = checked.refused ?? (guardedMethods.has(method) ? isCall : undefined)
      const now = clock.now()
      const nonce = ports.proofs.nonce(now)
      noteReplay(checked)
      const session = principal && { sessionId: principal.sessionId }
      if (refused !== undefined || principal === undefined) {
        const { reason, message } = refused ?? isCall
        return { admitted: false, ...session, refusal: { reason, message }, nonce }
      }
      if (contentDigest !== undefined && isRemembered(method)) contents.add(principal, method, contentDigest)
      const downstreamToken = ports.downstream.issue(principal, { id, method, ...said }, now)
      const pins = method === 'tools/list' && bundle ? pinsOf(bundle.catalogue, server) : {}
      const pinned = Object.keys(pins).length > 0 && { pins }
      return { admitted: true, ...session, nonce, downstreamToken, ...pinned }
    },
    vouch,
    recordOutcome(report) {
      const invocation = open.take(report.invocationId)
      if (invocation !== undefined) return complete(report, invocation)
      const { call } = report
      if (call === undefined) return observer.outcomeUnattributed(report)
      const verification = ports.tokens.verify(call.token, call.server, clock.now())
      // At once where that can be: what the session does next may rest on this result.
      if (!(verification instanceof Promise)) return takeOver(report, call, verification)
      void verification.then(verified => takeOver(report, call, verified))
    },
  }
}

/** Messages that servers of the other generation of MCP are told otherwise. */
const remembered: ReadonlySet<string> = new Set<ProvenKind>([
  'answer',
  'resources/subscribe',
  'subscriptions/listen',
])
const isRemembered = (method: string): method is ProvenKind => remembered.has(method)

const isCall = deny('ARGUMENTS_INVALID', 'A call is authorised by itself; nobody is admitted to it.')

/** Played calls go nowhere. */
const downstreamOf = ({ call, shown, classified }: DecidedFacts): OpenInvocation['downstream'] =>
  shown === undefined || classified === undefined
    ? undefined
    : downstreamCall(call, classified.argumentsDigest)
