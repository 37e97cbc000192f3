import { type Clock, isSessionId, partitionOfSession, type SessionId } from '@cordon/foundation'
import type { SessionDecision, Standing } from '@cordon/schemas'
import type { DecodedRecord, LogRecord } from '@cordon/stream'
import { reservedKeyPrefix } from '@cordon/stream'

import type { ExpectedDecision, SessionDecisions } from '../ports.ts'

interface Entry {
  readonly standing: Standing
  readonly version: number
  readonly partition: number
}

/** What identity keeps of `session-decisions`. */
export interface DecisionTable extends Omit<SessionDecisions, 'staleness'> {
  /**
   * False where the record is not about what its key and partition say: it changed nothing.
   * @param decoded `null`: a tombstone; `undefined`: cannot be read
   */
  apply(record: LogRecord, decoded: DecodedRecord | null | undefined): boolean
  readonly openCount: number
}

/** @param partitions how many the topic has */
export const createDecisionTable = (partitions: number, clock: Clock): DecisionTable => {
  const entries = new Map<SessionId, Entry>()
  const loads = new Map(Array.from({ length: partitions }, (_, partition) => [partition, 0]))
  const beats = new Map<number, number>()
  const waiting = new Map<SessionId, (standing: Standing) => void>()

  const count = (entry: Entry | undefined, by: 1 | -1): void => {
    if (entry === undefined || entry.standing === 'ended') return
    loads.set(entry.partition, (loads.get(entry.partition) ?? 0) + by)
  }

  const decide = (sessionId: SessionId, partition: number, { version, standing }: SessionDecision): void => {
    const known = entries.get(sessionId)
    // Decisions are delivered at least once, and their versions only go up.
    if (known !== undefined && version <= known.version) return
    const entry = { standing, version, partition }
    count(known, -1)
    count(entry, 1)
    entries.set(sessionId, entry)
    waiting.get(sessionId)?.(standing)
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
        if (decoded.value.partition !== partition) return false
        beats.set(partition, clock.now())
        return true
      }
      if (key.startsWith(reservedKeyPrefix)) return true
      // By key and partition go compaction and order: on another one a record is older or newer than nothing.
      if (!isSessionId(key) || partitionOfSession(key) !== partition) return false
      if (decoded === null) forget(key)
      else if (decoded === undefined) doubt(key)
      else if (decoded.name !== 'SessionDecision' || decoded.value.sessionId !== key) return false
      else decide(key, partition, decoded.value)
      return true
    },
    standing: sessionId => entries.get(sessionId)?.standing,
    open: function* () {
      for (const [sessionId, { standing }] of entries) if (standing !== 'ended') yield sessionId
    },
    load: () => loads,
    silence: partition => clock.now() - (beats.get(partition) ?? Number.NEGATIVE_INFINITY),
    expect,
    get openCount() {
      let open = 0
      for (const load of loads.values()) open += load
      return open
    },
  }
}
