import type { LiveSession } from './live-session.ts'
import type { Judgement } from './session-fact.ts'

/** A call that was stopped. */
export interface Block {
  readonly session: LiveSession
  readonly tool: string
  readonly reason: string
  /** From this call to its refusal, in milliseconds; absent where its attempt was not seen. */
  readonly callToBlockMs: number | undefined
  /** Absent where the call was refused for something else than what the scorer says. */
  readonly cause: BlockCause | 'unseen' | undefined
}

/** What the scorer said, and when. */
export interface BlockCause {
  readonly judgement: Judgement
  /** From the call that it rests on to the judgement; absent where no call caused it, or that call was not seen. */
  readonly callToDecisionMs: number | undefined
  /** How long the session had stood so, where the standing was the reason and not a verdict on this call. */
  readonly standingForMs: number | undefined
}
