import type { SessionId } from '@cordon/foundation'
import type { IdentityPolicy } from '@cordon/policy'
import type { SessionEnded, SessionOpened, Standing } from '@cordon/schemas'
import type { TokenIssuer, TokenVerifier } from '@cordon/tokens'

import type { Answer } from './core/refusal.ts'
import type { ActiveRevocations } from './core/revocation-scope.ts'
import type { Voucher } from './core/held-session.ts'
import type { HumanBasis } from './core/subject-basis.ts'

/** A record that identity writes into a session's log. */
export type SessionRecord =
  | { readonly name: 'SessionOpened'; readonly value: SessionOpened }
  | { readonly name: 'SessionEnded'; readonly value: SessionEnded }

/** The log of every session. */
export interface SessionLog {
  /** @returns whether the record is on record for good; where not, it may still be */
  append(sessionId: SessionId, record: SessionRecord): Promise<boolean>
}

/** What the scorers last said of each session. */
export interface SessionDecisions {
  /** `undefined` before the first decision, and after the session was forgotten. */
  standing(sessionId: SessionId): Standing | undefined
  /** Sessions that have not ended. */
  open(): Iterable<SessionId>
  /** How many of them there are, per partition; every partition is there. */
  load(): ReadonlyMap<number, number>
  /** Milliseconds since the partition's scorer last showed that it lives; `Infinity` before its first beat. */
  silence(partition: number): number
  /** Milliseconds since the brokers were last heard of, the worst of all partitions. */
  readonly staleness: number
  /** Waits for a session's first decision, which need not be there yet. */
  expect(sessionId: SessionId, limitMs: number): ExpectedDecision
}

export interface ExpectedDecision {
  /** `undefined` when the limit passed. */
  readonly arrived: Promise<Standing | undefined>
  /** Nobody waits for it any more. */
  abandon(): void
}

/** Who signed in where. */
export interface HumanTokens {
  /** @param text an ID token of one of the bundle's providers */
  verify(text: string, providers: IdentityPolicy['providers']): Promise<Answer<HumanBasis>>
  /** Whether the human's own session is still there, as far as that can be asked; a provider says else that it ended. */
  isSignedIn(human: {
    readonly vouchedBy: Voucher
    readonly human: string
    readonly humanSession: string | null
  }): Promise<boolean>
}

/** Signs with the key of the day, and knows its own tokens again. */
export interface SessionSigner {
  issuer(): TokenIssuer
  readonly verifier: TokenVerifier
}

/** The kill switch, as far as it is thrown. */
export interface Revocations {
  active(): ActiveRevocations
}

/** What nobody can guess, and what is kept of it. */
export interface Secrets {
  newRefreshToken(): string
  /** Of a refresh token or a proof: SHA-256. */
  digest(text: string): Uint8Array
}
