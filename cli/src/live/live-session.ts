import type { Standing } from '@cordon/schemas'

import type { Judgement } from './session-fact.ts'

/** A session as the live view shows it. */
export interface LiveSession {
  readonly sessionId: string
  /** Unknown, as the agent, where the record of its opening was not seen, or not yet: topics are read side by side. */
  readonly human: string | undefined
  readonly agentId: string | undefined
  readonly lastCall: string
  readonly calls: number
  readonly refused: number
  readonly standing: Standing
  /** What the scorer said last. */
  readonly judged: Judgement | undefined
}

/** Of which nothing is known but its id. */
export const unseenSession = (sessionId: string): LiveSession => ({
  sessionId,
  human: undefined,
  agentId: undefined,
  lastCall: '',
  calls: 0,
  refused: 0,
  standing: 'unknown',
  judged: undefined,
})
