import type { SessionId } from '@cordon/foundation'

import type { EndReason } from '../core/end-reason.ts'
import type { HeldSession, StoredSession } from '../core/held-session.ts'
import type { PrincipalFacts } from '../core/principal-of.ts'

/** A proof that may be used once. */
export interface UsedProof {
  readonly digest: Uint8Array
  /** From then on its time alone refuses it. Milliseconds since the Unix epoch. */
  readonly expiresAt: number
}

export interface NewSession {
  readonly session: HeldSession
  readonly refreshDigest: Uint8Array
  /** When the last token expires that was issued. Milliseconds since the Unix epoch. */
  readonly tokensUntil: number
  readonly proofs: readonly UsedProof[]
  /** How many may be open, this one with them. */
  readonly limits: { readonly sessionsPerHuman: number; readonly sessionsPerAgent: number }
}

export interface Renewal {
  readonly sessionId: SessionId
  readonly tokensUntil: number
  readonly proofs: readonly UsedProof[]
}

export interface SessionEnding {
  readonly sessionId: SessionId
  readonly reason: EndReason
  /** Milliseconds since the Unix epoch. */
  readonly endedAt: number
}

/** What no session at a provider is called: stands for those that its ID tokens do not name. */
export const unnamedSession = ''

/** Who a provider says has logged out. */
export interface LogOut {
  readonly provider: string
  readonly eventId: string
  /** `null`: whoever it was. */
  readonly human: string | null
  /** `null`: all of them; `unnamedSession`: those without a name. */
  readonly humanSession: string | null
  /** Sessions of who signed in later are not meant. Milliseconds since the Unix epoch. */
  readonly revokedAt: number
}

export interface LifeLimits {
  readonly now: number
  readonly idleMs: number
  readonly renewalGraceMs: number
  /** No session counts as idle before it could be seen to act: since then calls have been watched. */
  readonly watchedSince: number
}

/** An open session, as a list of them goes on behind it. */
export interface OpenSession {
  readonly session: HeldSession
  /** Where its status stands, over all lists: grows with each session that opens. */
  readonly statusIndex: number
  /** When it last acted, or else when it opened. Milliseconds since the Unix epoch. */
  readonly activeAt: number
}

/** Why a session is not kept. */
export type NotKept = 'PROOF_REPLAYED' | 'HUMAN_LOGGED_OUT' | 'TOO_MANY_OF_HUMAN' | 'TOO_MANY_OF_AGENT'

/** Sessions as they must survive the process. Each call resolves when what it did is kept. */
export interface SessionStore {
  /** @returns the place of its status; or why it is not kept */
  add(session: NewSession): Promise<number | NotKept>
  renew(renewal: Renewal): Promise<'renewed' | 'PROOF_REPLAYED' | 'SESSION_ENDED'>
  findByRefreshToken(digest: Uint8Array): Promise<StoredSession | undefined>
  find(sessionId: SessionId): Promise<StoredSession | undefined>
  /** For a session that nobody ever heard of. */
  forget(sessionId: SessionId): Promise<void>
  /** Ends sessions; who has ended stays as it ended. */
  end(endings: readonly SessionEnding[]): Promise<void>
  /** The log has their ends. */
  endRecorded(sessionIds: readonly SessionId[]): Promise<void>
  /** Ends that the log does not have yet. */
  unrecordedEnds(): Promise<readonly SessionEnding[]>
  /** Sessions whose time is over, and why. */
  due(limits: LifeLimits): Promise<readonly Omit<SessionEnding, 'endedAt'>[]>
  /** Every session that is open, however many there are. */
  open(): AsyncIterable<HeldSession>
  /** Open sessions whose status stands after a place, as they opened. @param after -1: from the first on */
  openAfter(after: number, count: number): Promise<readonly OpenSession[]>
  /** Open sessions whose work another session's agent handed on. */
  delegated(): Promise<readonly PrincipalFacts[]>
  /** When sessions last acted. */
  touch(activity: ReadonlyMap<SessionId, number>): Promise<void>
  logOut(event: LogOut): Promise<void>
  /** Drops what nobody can ask for any more. */
  purge(now: number): Promise<void>
  /** The first and the last place of a status; `undefined` where there is none. */
  statusRange(): Promise<{ readonly first: number; readonly last: number } | undefined>
  /** Sessions whose status stands from one place to before another. */
  statuses(from: number, to: number): Promise<readonly StoredSession[]>
}
