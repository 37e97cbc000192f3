import { judgeDecision, type DecisionVerifier } from '@cordon/decisions'
import type { SessionId } from '@cordon/foundation'
import { isSessionId, partitionOfSession } from '@cordon/foundation'
import type { Beat, SessionDecision } from '@cordon/schemas'

import type { HeldDecision } from '../ports.ts'

/** What a record of `session-decisions` says to the table. */
export type TableRecord =
  | { readonly type: 'decision'; readonly decision: SessionDecision }
  | { readonly type: 'beat'; readonly beat: Beat }
  | { readonly type: 'tombstone' }
  /** Cannot be read: what it set is not known any more. */
  | { readonly type: 'unreadable' }

/** Somebody else than the scorer wrote it, or wrote it again. */
export type RefusalCause = 'forged' | 'replayed' | 'beat_forged'

/** `misplaced`: the record is not about what its key and partition say. Like what is refused, it changed nothing. */
export type TableChange =
  'decided' | 'doubted' | 'forgotten' | 'beaten' | 'ignored' | 'misplaced' | RefusalCause

/**
 * Sessions that are held though their key is gone, some 500 bytes each; of more, the oldest become unknown, which is denied too.
 * As many are remembered that are over.
 */
const defaultMaxOrphans = 10_000

/** One moment by two clocks of this engine. */
export interface Moment {
  /** Milliseconds since the Unix epoch; steps when somebody sets the clock. */
  readonly wall: number
  /** Milliseconds since some start; never steps. */
  readonly steady: number
}

/** The last beat of a partition's scorer. */
interface HeldBeat {
  /** The scorer's next input offset: only goes up, also over a change of owners with different clocks. */
  readonly position: number
  /** By the scorer's clock. Milliseconds since the Unix epoch. */
  readonly beatAt: number
  /** When it came in, by the clock that never steps: setting the other one back must not make a dead scorer look alive. */
  readonly heardAt: number
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
  beatAge(partition: number, now: Moment): number
  apply(partition: number, key: string, record: TableRecord, now: Moment): TableChange
}

export interface DecisionTableOptions {
  readonly verifier: DecisionVerifier
  /** A session is over, and nothing of it is held any more but when it ended. */
  readonly onForgotten: (sessionId: SessionId) => void
  readonly maxOrphans?: number
}

export const createDecisionTable = ({
  verifier,
  onForgotten,
  maxOrphans = defaultMaxOrphans,
}: DecisionTableOptions): DecisionTable => {
  const decisions = new Map<SessionId, HeldDecision>()
  /** Forgotten sessions and the version of their last standing, or who writes a tombstone could bring an old one back; the oldest first. */
  const graves = new Map<SessionId, number>()
  /** Have a tombstone without an end; the oldest first. */
  const orphans = new Set<SessionId>()
  const beats = new Map<number, HeldBeat>()

  const decide = (sessionId: SessionId, decision: SessionDecision, receivedAt: number): TableChange => {
    const held = decisions.get(sessionId)
    const ruling = judgeDecision(verifier, decision, held?.decision)
    if (ruling === 'forged') return 'forged'
    if (ruling === 'older' || decision.standingVersion <= (graves.get(sessionId) ?? -1)) return 'replayed'
    // The same standing again: a crash repeats, a band moves the score, and doubt is lifted by neither.
    const isMoved = held === undefined || decision.version > held.decision.version
    if (ruling === 'same' && (!isMoved || held?.decision.standing === 'unknown')) return 'ignored'
    decisions.set(sessionId, { decision, receivedAt })
    orphans.delete(sessionId)
    return 'decided'
  }

  /** Denied from here on; only another standing than those that were seen can change that. */
  const doubt = (sessionId: SessionId, receivedAt: number): TableChange => {
    const held = decisions.get(sessionId)
    // Unknown is denied already, and nothing is worse than the end.
    if (held === undefined || held.decision.standing === 'ended') return 'ignored'
    decisions.set(sessionId, { decision: { ...held.decision, standing: 'unknown' }, receivedAt })
    return 'doubted'
  }

  const forget = (sessionId: SessionId): TableChange => {
    orphans.delete(sessionId)
    const held = decisions.get(sessionId)
    if (held === undefined) return 'ignored'
    decisions.delete(sessionId)
    graves.set(sessionId, held.decision.standingVersion)
    const [oldest] = graves.keys()
    if (graves.size > maxOrphans && oldest !== undefined) graves.delete(oldest)
    onForgotten(sessionId)
    return 'forgotten'
  }

  /** The scorer lets a session's key go only after its end. Without one, somebody else did. */
  const bury = (sessionId: SessionId, receivedAt: number): TableChange => {
    const change = doubt(sessionId, receivedAt)
    if (change === 'ignored') return forget(sessionId)
    orphans.add(sessionId)
    const [oldest] = orphans
    if (orphans.size > maxOrphans && oldest !== undefined) forget(oldest)
    return change
  }

  const hear = (beat: Beat, now: Moment): TableChange => {
    if (!verifier.verifyBeat(beat)) return 'beat_forged'
    const held = beats.get(beat.partition)
    // Heard once already: shown again, it says nothing of who lives now.
    if (held !== undefined && !isLater(beat, held)) return 'ignored'
    beats.set(beat.partition, { position: beat.position, beatAt: beat.beatAt, heardAt: now.steady })
    return 'beaten'
  }

  return {
    get size() {
      return decisions.size
    },
    find: sessionId => decisions.get(sessionId),
    beatAge(partition, now) {
      const beat = beats.get(partition)
      if (beat === undefined) return Number.POSITIVE_INFINITY
      return Math.max(0, now.wall - beat.beatAt, now.steady - beat.heardAt)
    },
    apply(partition, key, record, now) {
      if (record.type === 'beat') {
        return record.beat.partition === partition ? hear(record.beat, now) : 'misplaced'
      }
      // Key and partition are what compaction and order go by: on another partition, a record is older or newer than nothing.
      if (!isSessionId(key) || partitionOfSession(key) !== partition) return 'misplaced'
      switch (record.type) {
        case 'decision':
          return record.decision.sessionId === key ? decide(key, record.decision, now.wall) : 'misplaced'
        case 'unreadable':
          return doubt(key, now.wall)
        case 'tombstone':
          return bury(key, now.wall)
      }
    },
  }
}

// Where nobody ticks, as in a recording, an idle partition's position stands still.
const isLater = (beat: Beat, held: HeldBeat): boolean =>
  beat.position > held.position || (beat.position === held.position && beat.beatAt > held.beatAt)
