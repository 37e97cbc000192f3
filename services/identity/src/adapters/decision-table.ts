import { judgeDecision, type DecisionVerifier, type HeldClaim } from '@cordon/decisions'
import { type Clock, isSessionId, partitionOfSession, type SessionId } from '@cordon/foundation'
import type { Beat, SessionDecision, Standing } from '@cordon/schemas'
import type { DecodedRecord, LogRecord } from '@cordon/stream'
import { reservedKeyPrefix } from '@cordon/stream'

import type { ExpectedDecision, SessionDecisions } from '../ports.ts'

interface Entry extends HeldClaim {
  readonly partition: number
}

/**
 * `misplaced`: the record is not about what its key and partition say. `forged`, `replayed`: somebody else than the scorer
 * wrote it, or wrote it again. Either changed nothing.
 */
export type TableChange = 'taken' | 'misplaced' | RefusalCause
export type RefusalCause = 'forged' | 'replayed' | 'beat_forged'

/** What identity keeps of `session-decisions`. */
export interface DecisionTable extends Omit<SessionDecisions, 'staleness'> {
  /** @param decoded `null`: a tombstone; `undefined`: cannot be read */
  apply(record: LogRecord, decoded: DecodedRecord | null | undefined): TableChange
  readonly openCount: number
}

/** @param partitions how many the topic has */
export const createDecisionTable = (
  partitions: number,
  clock: Clock,
  verifier: DecisionVerifier,
): DecisionTable => {
  const entries = new Map<SessionId, Entry>()
  const loads = new Map(Array.from({ length: partitions }, (_, partition) => [partition, 0]))
  const beats = new Map<
    number,
    { readonly position: number; readonly beatAt: number; readonly heardAt: number }
  >()
  const waiting = new Map<SessionId, (standing: Standing) => void>()

  const count = (entry: Entry | undefined, by: 1 | -1): void => {
    if (entry === undefined || entry.standing === 'ended') return
    loads.set(entry.partition, (loads.get(entry.partition) ?? 0) + by)
  }

  const decide = (sessionId: SessionId, partition: number, decision: SessionDecision): TableChange => {
    const known = entries.get(sessionId)
    const ruling = judgeDecision(verifier, decision, known)
    if (ruling === 'forged') return 'forged'
    if (ruling === 'older') return 'replayed'
    // Decisions are delivered at least once, and their scores are no business of this table.
    if (ruling === 'same') return 'taken'
    const { standing, standingVersion, keyId, signature } = decision
    const entry = { standing, standingVersion, keyId, signature, partition }
    count(known, -1)
    count(entry, 1)
    entries.set(sessionId, entry)
    waiting.get(sessionId)?.(standing)
    return 'taken'
  }

  const hear = ({ partition, position, beatAt, ...signature }: Beat): TableChange => {
    if (!verifier.verifyBeat({ partition, position, beatAt, ...signature })) return 'beat_forged'
    const held = beats.get(partition)
    // Heard once already: shown again, it says nothing of who lives now.
    const isLater =
      held === undefined || position > held.position || (position === held.position && beatAt > held.beatAt)
    if (isLater) beats.set(partition, { position, beatAt, heardAt: clock.now() })
    return 'taken'
  }

  const forget = (sessionId: SessionId): void => {
    count(entries.get(sessionId), -1)
    entries.delete(sessionId)
  }

  // What it set is not known any more; the session itself still is, and ends when its life is over.
  const doubt = (sessionId: SessionId): void => {
    const known = entries.get(sessionId)
    if (known !== undefined && known.standing !== 'ended')
      entries.set(sessionId, { ...known, standing: 'unknown' })
  }

  const expect = (sessionId: SessionId, limitMs: number): ExpectedDecision => {
    const { promise, resolve } = Promise.withResolvers<Standing | undefined>()
    const settle = (standing?: Standing): void => {
      clearTimeout(timer)
      waiting.delete(sessionId)
      resolve(standing)
    }
    const timer = setTimeout(settle, limitMs)
    waiting.set(sessionId, settle)
    const known = entries.get(sessionId)
    if (known !== undefined) settle(known.standing)
    return { arrived: promise, abandon: () => settle() }
  }

  return {
    apply: (record, decoded) => {
      const { partition } = record
      const key = record.key?.toString() ?? ''
      if (decoded?.name === 'Beat') {
        return decoded.value.partition === partition ? hear(decoded.value) : 'misplaced'
      }
      if (key.startsWith(reservedKeyPrefix)) return 'taken'
      // By key and partition go compaction and order: on another one a record is older or newer than nothing.
      if (!isSessionId(key) || partitionOfSession(key) !== partition) return 'misplaced'
      if (decoded === null) forget(key)
      else if (decoded === undefined) doubt(key)
      else if (decoded.name !== 'SessionDecision' || decoded.value.sessionId !== key) return 'misplaced'
      else return decide(key, partition, decoded.value)
      return 'taken'
    },
    standing: sessionId => entries.get(sessionId)?.standing,
    open: function* () {
      for (const [sessionId, { standing }] of entries) if (standing !== 'ended') yield sessionId
    },
    load: () => loads,
    silence: partition => clock.now() - (beats.get(partition)?.heardAt ?? Number.NEGATIVE_INFINITY),
    expect,
    get openCount() {
      let open = 0
      for (const load of loads.values()) open += load
      return open
    },
  }
}
