import type { SessionId } from '@cordon/foundation'
import type { Bundle } from '@cordon/policy'

import type { StreamAccess } from '../stack/stream-access.ts'
import type { BadCall, Refusal } from './join-refusals.ts'
import type { PlannedSession } from './session-plan.ts'

/** What a process that hosts engines can be asked. */
export type HostQuestions = {
  /** Answered when every engine's table is complete. */
  readonly open: { readonly question: OpenEngines; readonly answer: undefined }
  /** Answered when every engine knows all of these sessions. */
  readonly hold: { readonly question: readonly SessionId[]; readonly answer: undefined }
  /** Plays the sessions of its engines, and watches all of them. */
  readonly play: { readonly question: PlaySessions; readonly answer: Played }
  readonly close: { readonly question: undefined; readonly answer: undefined }
}

export interface OpenEngines {
  readonly access: StreamAccess
  readonly bundle: Bundle
  /** Their numbers. */
  readonly engines: readonly number[]
  /** Identity, whose kill switch they obey; absent where there is none. */
  readonly issuer?: string
}

export interface PlaySessions {
  readonly plan: readonly PlannedSession[]
  /** Of the monotonic clock. */
  readonly startAt: number
}

export interface Played {
  readonly calls: readonly BadCall[]
  readonly refusals: readonly Refusal[]
}
