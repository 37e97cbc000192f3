import type { Contribution, Standing } from '@cordon/schemas'

interface FactBase {
  readonly sessionId: string
  /** Milliseconds since the Unix epoch, by whoever wrote it. */
  readonly at: number
}

/** What the live view learns from the topics, one fact a record. */
export type SessionFact = FactBase &
  (
    | { readonly kind: 'opened'; readonly human: string; readonly agentId: string }
    | { readonly kind: 'attempted'; readonly invocationId: string; readonly tool: string }
    | {
        readonly kind: 'denied'
        readonly invocationId: string
        readonly tool: string
        readonly reason: string
      }
    | { readonly kind: 'ended' }
    | ({ readonly kind: 'judged' } & Judgement)
  )

/** A decision or a gate verdict: what the scorer thinks of the session, and why. */
export interface Judgement {
  readonly standing: Standing
  readonly score: number
  readonly contributions: readonly Contribution[]
  /** The invocation that it follows from. */
  readonly causedBy: string | null
}
