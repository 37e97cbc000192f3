import type { Clearance } from '@cordon/policy'

import type { StoredSession, Voucher } from './held-session.ts'
import type { SubjectBasis } from './subject-basis.ts'

/** The human that is spoken for, and what they may. Times are milliseconds since the Unix epoch. */
export interface Subject {
  readonly human: string
  readonly role: string
  readonly clearance: Clearance
  /** What all of this was read from. */
  readonly basis: SubjectBasis
  readonly vouchedBy: Voucher
  readonly humanSession: string | null
  readonly authenticatedAt: number
  readonly acr: string
  /** Each list has to cover a tool for it to be granted; who it is from goes into the answer. */
  readonly bounds: readonly Bound[]
  /** The agent that alone may act on it, and whether it may hand work on to others; `undefined`: any. */
  readonly onlyAgent?: { readonly agentId: string; readonly mayDelegate: boolean }
  /** The sponsor's grant that it rests on. */
  readonly grantId?: string
  /** Past this no session of it lives. */
  readonly until?: number
  /** The client that the human logged in with. */
  readonly client?: string
  /** The session whose agent hands work on. */
  readonly parent?: StoredSession
}

/** Tools that somebody allows. */
export interface Bound {
  /** For people: `the human alice`. */
  readonly by: string
  /** `server/tool` or `server/*`. */
  readonly tools: readonly string[]
}
