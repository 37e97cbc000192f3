import type { Assessment } from '@cordon/risk'
import type { InvocationAttempted, SecuritySignal, SessionDecision } from '@cordon/schemas'
import type { Output, RecordCodec } from '@cordon/stream'

import type { Cause } from './cause.ts'
import type { SessionEntry, SignedStanding } from './session-entry.ts'
import type { StandingSigner } from './standing-signer.ts'

/** Writes what the scorer tells the world; everything in it follows from the log. */
export interface DecisionOutputs {
  /** The standing is not signed yet, by the key that is. */
  isOwed(entry: SessionEntry): boolean
  /** The decision, the signal where a standing changed that security teams want to hear of, and the session as it is to be kept. */
  decided(entry: SessionEntry, assessment: Assessment, cause: Cause): Decided
  /** What subscribers are told of calls that no engine reported; nothing where none are missing. */
  missed(entry: SessionEntry, assessment: Assessment, cause: Cause): readonly Output[]
  /** The answer to a gated attempt; `undefined` where nobody knows the session. */
  judged(attempted: InvocationAttempted, assessment: Assessment | undefined, cause: Cause): Output
  /** Takes an ended session's decision out of every table. */
  forgotten(sessionId: string, partition: number): Output
}

/** What a decision leaves behind. */
export interface Decided {
  readonly entry: SessionEntry
  readonly outputs: readonly Output[]
}

const worthASignal: ReadonlySet<SecuritySignal['standing']> = new Set(['verify', 'read_only', 'suspended'])

export const decisionOutputs = (
  codec: RecordCodec,
  bundleVersion: number,
  signer: StandingSigner,
): DecisionOutputs => ({
  isOwed: entry => signer.isOwed(entry),

  decided: (entry, assessment, cause) => {
    const signed = signer.sign(entry, assessment, cause)
    const decision = decisionOf(assessment, cause, bundleVersion, signed)
    const outputs: Output[] = [
      {
        delivery: 'claimed',
        record: {
          topic: 'session-decisions',
          partition: cause.partition,
          key: cause.sessionId,
          value: codec.encode('session-decisions', 'SessionDecision', decision),
        },
      },
    ]
    if (assessment.standingChanged && worthASignal.has(assessment.standing)) {
      outputs.push(signalOutput(codec, cause, signalOf(entry, decision)))
    }
    return { entry: { ...entry, signed: signer.kept(signed) }, outputs }
  },

  missed: ({ session, human }, { unreported, standing, score }, cause) =>
    unreported === undefined
      ? []
      : [
          signalOutput(codec, cause, {
            sessionId: cause.sessionId,
            signalId: `${cause.sessionId}/${Number(cause.offset)}/call_unreported`,
            kind: 'call_unreported',
            human,
            agentId: session.agentId,
            standing,
            score,
            contributions: [unreported],
            occurredAt: cause.at,
          }),
        ],

  judged: (attempted, assessment, cause) => {
    const claim = {
      engineId: attempted.engineId,
      sessionId: cause.sessionId,
      invocationId: attempted.invocationId,
      verdict: assessment?.verdict ?? 'deny',
    }
    return {
      // Nobody waits for it any more after a crash: the engine's time-out has answered by then.
      delivery: 'once',
      record: {
        topic: 'gate-verdicts',
        partition: cause.partition,
        key: attempted.engineId,
        value: codec.encode('gate-verdicts', 'GateVerdict', {
          ...claim,
          sequence: attempted.sequence,
          standing: assessment?.standing ?? 'unknown',
          score: assessment?.score ?? 0,
          evidence: assessment?.evidence ?? 0,
          contributions: assessment?.contributions ?? [],
          version: Number(cause.offset),
          decidedAt: cause.at,
          ...signer.signVerdict(claim),
        }),
      },
    }
  },

  forgotten: (sessionId, partition) => ({
    delivery: 'claimed',
    record: { topic: 'session-decisions', partition, key: sessionId, value: null },
  }),
})

const decisionOf = (
  assessment: Assessment,
  cause: Cause,
  bundleVersion: number,
  signed: SignedStanding,
): SessionDecision => ({
  sessionId: cause.sessionId,
  version: Number(cause.offset),
  standing: assessment.standing,
  score: assessment.score,
  evidence: assessment.evidence,
  contributions: assessment.contributions,
  decidedAt: cause.at,
  causedBy: cause.invocationId,
  baselineVersion: assessment.baselineVersion,
  baselineSessions: assessment.baselineSessions,
  bundleVersion,
  thresholdBasis: assessment.thresholdBasis,
  ...signed,
})

const signalOutput = (
  codec: RecordCodec,
  { partition, sessionId }: Cause,
  signal: SecuritySignal,
): Output => ({
  delivery: 'outbox',
  record: {
    topic: 'security-signals',
    partition,
    key: sessionId,
    value: codec.encode('security-signals', 'SecuritySignal', signal),
  },
})

const signalOf = ({ session, human }: SessionEntry, decision: SessionDecision): SecuritySignal => {
  const kind = decision.standing === 'suspended' ? 'session_suspended' : 'standing_changed'
  return {
    sessionId: decision.sessionId,
    signalId: `${decision.sessionId}/${decision.version}/${kind}`,
    kind,
    human,
    agentId: session.agentId,
    standing: decision.standing,
    score: decision.score,
    contributions: decision.contributions,
    occurredAt: decision.decidedAt,
  }
}
