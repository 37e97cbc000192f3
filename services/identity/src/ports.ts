import type { SessionId } from '@cordon/foundation'
import type { SessionEnded, SessionOpened, Standing } from '@cordon/schemas'

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
