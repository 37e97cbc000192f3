import type { Contribution, Outcome, Standing, Verdict } from '@cordon/schemas'
import type { DecodedRecord } from '@cordon/stream'

import type { RevocationFact } from './revocation-fact.ts'

interface FactBase {
  readonly sessionId: string
  /** Milliseconds since the Unix epoch, by whoever wrote it. */
  readonly at: number
}

/** What the live view learns from the topics, one fact a record. */
export type SessionFact = FactBase &
  (
    | {
        readonly kind: 'opened'
        readonly human: string
        readonly agentId: string
        readonly platform: string
        readonly parentSessionId: string | null
      }
    | { readonly kind: 'attempted'; readonly invocationId: string; readonly tool: string }
    | {
        readonly kind: 'denied'
        readonly invocationId: string
        readonly tool: string
        readonly reason: string
      }
    | { readonly kind: 'completed'; readonly tool: string; readonly outcome: Outcome }
    | { readonly kind: 'ended' }
    | ({
        readonly kind: 'judged'
        /** A verdict on one call, and no decision. */
        readonly gated: boolean
      } & Judgement)
  )

export type FactOf<Kind extends SessionFact['kind']> = Extract<SessionFact, { readonly kind: Kind }>

/** A baseline is known better: sessions of its agent that open from now on are judged by it. */
export interface LearnedFact {
  readonly kind: 'learned'
  /** `agent/<agentId>`, `role/<role>` or `all`. */
  readonly subject: string
  readonly version: number
  /** That taught it. */
  readonly sessions: number
}

/** Everything that the live view can show. */
export type LiveFact = SessionFact | LearnedFact | RevocationFact

/** A decision or a gate verdict: what the scorer thinks of the session, and why. */
export interface Judgement {
  readonly standing: Standing
  readonly score: number
  /** Nats; standing and score follow from it. */
  readonly evidence: number
  /** What the threshold of the standing rests on; verdicts do not say. */
  readonly thresholdBasis?: string
  /** That had taught the agent's baseline when the session opened; verdicts do not say. */
  readonly baselineSessions?: number
  /** Only of a verdict. */
  readonly verdict?: Verdict
  readonly contributions: readonly Contribution[]
  /** The invocation that it follows from. */
  readonly causedBy: string | null
}

/**
 * Of every record but a revocation, whose statement has to be verified first.
 * @param timestamp the record's own time: when a decision was made public, where `decidedAt` is the time of its cause
 */
export const factOf = (record: DecodedRecord | undefined, timestamp: number): LiveFact | undefined => {
  switch (record?.name) {
    case 'SessionOpened':
      return { kind: 'opened', at: record.value.openedAt, ...record.value }
    case 'InvocationAttempted':
      return { kind: 'attempted', at: record.value.attemptedAt, ...record.value }
    case 'InvocationDenied':
      return { kind: 'denied', at: record.value.deniedAt, ...record.value }
    case 'InvocationCompleted':
      return { kind: 'completed', at: record.value.completedAt, ...record.value }
    case 'SessionEnded':
      return { kind: 'ended', at: record.value.endedAt, ...record.value }
    case 'SessionDecision':
      return { kind: 'judged', gated: false, at: timestamp, ...record.value }
    case 'GateVerdict':
      return {
        kind: 'judged',
        gated: true,
        at: timestamp,
        ...record.value,
        causedBy: record.value.invocationId,
      }
    case 'AgentBaseline':
      return { kind: 'learned', ...record.value }
    default:
      return undefined
  }
}
