import type { SessionId } from '@cordon/foundation'
import { isSessionId, partitionOfSession } from '@cordon/foundation'
import type { Beat, SessionDecision } from '@cordon/schemas'

import type { HeldDecision } from '../ports.ts'

/** What a record of `session-decisions` says to the table. */
export type TableRecord =
  | { readonly type: 'decision'; readonly decision: SessionDecision }
  | { readonly type: 'beat'; readonly beat: Beat }
  | { readonly type: 'removed' }
  /** Cannot be read: what it set is not known any more. */
  | { readonly type: 'unreadable' }

type TableChange = 'decided' | 'beaten' | 'removed' | 'ignored'

/** The last beat of a partition's scorer. */
interface HeldBeat {
  /** By the scorer's clock. Milliseconds since the Unix epoch. */
  readonly beatAt: number
  /** By this engine's clock. */
  readonly receivedAt: number
}

/** Every session's decision, as far as the topic was read. */
export interface DecisionTable {
  readonly size: number
  find(sessionId: SessionId): HeldDecision | undefined
  /**
   * Milliseconds since the partition's scorer was alive for certain; `Infinity` before its first beat. Two clocks: a scorer
   * whose clock is behind looks old too early, which is safe; one whose clock is ahead is caught by the time since its
   * beat came in.
   */
  beatAge(partition: number, now: number): number
  /** @param receivedAt milliseconds since the Unix epoch */
  apply(partition: number, key: string, record: TableRecord, receivedAt: number): TableChange
}

export const createDecisionTable = (): DecisionTable => {
  const decisions = new Map<string, HeldDecision>()
  const beats = new Map<number, HeldBeat>()

  const decide = (
    partition: number,
    key: string,
    decision: SessionDecision,
    receivedAt: number,
  ): TableChange => {
    // The key is what compaction and ordering go by: a decision about another session cannot come under it.
    if (decision.sessionId !== key || !isSessionId(key) || partitionOfSession(key) !== partition)
      return 'ignored'
    const held = decisions.get(key)
    // Published again after a crash, or computed again by the next owner: versions only go up.
    if (held !== undefined && decision.version <= held.decision.version) return 'ignored'
    decisions.set(key, { decision, receivedAt })
    return 'decided'
  }

  return {
    get size() {
      return decisions.size
    },
    find: sessionId => decisions.get(sessionId),
    beatAge(partition, now) {
      const beat = beats.get(partition)
      if (beat === undefined) return Number.POSITIVE_INFINITY
      return Math.max(0, now - beat.beatAt, now - beat.receivedAt)
    },
    apply(partition, key, record, receivedAt) {
      switch (record.type) {
        case 'decision':
          return decide(partition, key, record.decision, receivedAt)
        case 'beat':
          beats.set(partition, { beatAt: record.beat.beatAt, receivedAt })
          return 'beaten'
        case 'removed':
        case 'unreadable':
          // Either way the session is unknown from here on, and unknown is denied.
          return decisions.delete(key) ? 'removed' : 'ignored'
      }
    },
  }
}
