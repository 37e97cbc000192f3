import type { StateView } from '@cordon/stream'

import type { SessionEntry } from './session-entry.ts'

/** Which version of a subject's baseline new sessions of the partition begin with. */
export interface ActiveBaseline {
  /** Empty: the count of all that came into force. */
  readonly subject: string
  readonly version: number
}

/** What the scorer keeps: sessions under their ids, and which baselines are in force under `activeBaselineKey`. */
export type ScorerState = SessionEntry | ActiveBaseline

/** No session's id begins like this. @param subject empty: the count */
export const activeBaselineKey = (subject: string): string => `baseline/${subject}`

export const isSession = (state: ScorerState): state is SessionEntry => 'session' in state

/** The session of that id, where it is known. */
export const sessionIn = (states: StateView<ScorerState>, sessionId: string): SessionEntry | undefined => {
  const state = states.get(sessionId)
  return state !== undefined && isSession(state) ? state : undefined
}
