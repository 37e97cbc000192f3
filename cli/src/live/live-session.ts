import type { Standing } from '@cordon/schemas'

import type { Judgement } from './session-fact.ts'
import type { Stop } from './stop.ts'

/** A session as the live view shows it. */
export interface LiveSession {
  readonly sessionId: string
  /** Unknown, as the agent, where the record of its opening was not seen, or not yet: topics are read side by side. */
  readonly human: string | undefined
  readonly agentId: string | undefined
  readonly platform: string | undefined
  /** Whose agent started it; unknown, too, where a human did. */
  readonly parentSessionId: string | undefined
  readonly lastCall: string
  readonly calls: number
  readonly refused: number
  readonly standing: Standing
  /** The gravest that it ever had. */
  readonly worst: Standing
  /** Grows with each record that is read: who was touched last has most. */
  readonly touched: number
  /** That had taught the agent's baseline; unknown before the first decision. */
  readonly baselineSessions: number | undefined
  /** What the scorer said last. */
  readonly judged: Judgement | undefined
  /** The scopes of the kill switch that stop it at present, as far as its log says what it rests on. */
  readonly stops: readonly Stop[]
}

/** Of which nothing is known but its id. */
export const unseenSession = (sessionId: string): LiveSession => ({
  sessionId,
  human: undefined,
  agentId: undefined,
  platform: undefined,
  parentSessionId: undefined,
  lastCall: '',
  calls: 0,
  refused: 0,
  standing: 'unknown',
  worst: 'unknown',
  touched: 0,
  baselineSessions: undefined,
  judged: undefined,
  stops: [],
})

/** From least to most grave; a session that has ended does nothing any more. */
const severities: readonly Standing[] = ['ended', 'unknown', 'trusted', 'verify', 'read_only', 'suspended']

export const severityOf = (standing: Standing): number => severities.indexOf(standing)

/** What an operator stopped does as little as what is suspended. */
const gravity = ({ standing, stops }: LiveSession): number =>
  severityOf(stops.length > 0 ? 'suspended' : standing)

/** First those that stand worst, then those that once did, then those that were touched last. */
export const bySeverity = (a: LiveSession, b: LiveSession): number =>
  gravity(b) - gravity(a) || severityOf(b.worst) - severityOf(a.worst) || b.touched - a.touched
