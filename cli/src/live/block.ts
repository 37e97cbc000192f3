import type { LiveSession } from './live-session.ts'
import type { Judgement } from './session-fact.ts'
import type { Stop } from './stop.ts'

/** A call that was stopped. */
export interface Block {
  readonly session: LiveSession
  readonly tool: string
  readonly reason: string
  /** From this call to its refusal, in milliseconds; absent where its attempt was not seen. */
  readonly callToBlockMs: number | undefined
  /** Absent where the call was refused for something else than what the scorer says. */
  readonly cause: BlockCause | 'unseen' | undefined
  /** The scopes of the kill switch that stopped it; empty where it was none, or none that the session's log tells. */
  readonly stops: readonly Stop[]
}

/** What the scorer said, and when. */
export interface BlockCause {
  readonly judgement: Judgement
  /** From the call that it rests on to the judgement; absent where no call caused it, or that call was not seen. */
  readonly callToDecisionMs: number | undefined
  /** How long the session had stood so, where the standing was the reason and not a verdict on this call. */
  readonly standingForMs: number | undefined
}
