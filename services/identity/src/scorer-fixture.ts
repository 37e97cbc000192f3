import { partitionOfSession, type SessionId } from '@cordon/foundation'
import type { Standing } from '@cordon/schemas'

import type { SessionDecisions, SessionLog, SessionRecord } from './ports.ts'

/** A scorer in memory: what it says of a session, and whether it says anything. */
export interface FakeScorer {
  readonly log: SessionLog
  readonly decisions: SessionDecisions
  readonly records: readonly SessionRecord[]
  readonly standings: Map<SessionId, Standing>
  /** What it says to a session that opens; `undefined`: nothing. */
  opensWith: Standing | undefined
  accepts: boolean
  /** The log answers nothing, and takes what it was given when it thaws. */
  isFrozen: boolean
  /** @param order in which it takes what was given; brokers read connections as they please */
  thaw(order?: 'as sent' | 'reversed'): void
  staleness: number
  readonly silences: Map<number, number>
}

export const createScorer = (partitions: number): FakeScorer => {
  const records: SessionRecord[] = []
  const standings = new Map<SessionId, Standing>()
  const waiting = new Map<SessionId, (standing: Standing) => void>()
  const frozen: (() => void)[] = []
  const open = (): SessionId[] =>
    [...standings].filter(([, standing]) => standing !== 'ended').map(([sessionId]) => sessionId)

  const take = (sessionId: SessionId, record: SessionRecord): true => {
    records.push(record)
    if (record.name === 'SessionEnded' && standings.has(sessionId)) standings.set(sessionId, 'ended')
    if (record.name === 'SessionOpened' && scorer.opensWith !== undefined) {
      standings.set(sessionId, scorer.opensWith)
      waiting.get(sessionId)?.(scorer.opensWith)
    }
    return true
  }

  const scorer: FakeScorer = {
    records,
    standings,
    opensWith: 'trusted',
    accepts: true,
    staleness: 0,
    silences: new Map(),
    log: {
      append: (sessionId, record) => {
        if (!scorer.accepts) return Promise.resolve(false)
        if (!scorer.isFrozen) return Promise.resolve(take(sessionId, record))
        return new Promise(resolve => {
          frozen.push(() => resolve(take(sessionId, record)))
        })
      },
    },
    isFrozen: false,
    thaw: (order = 'as sent') => {
      scorer.isFrozen = false
      const taken = frozen.splice(0)
      for (const run of order === 'as sent' ? taken : taken.reverse()) run()
    },
    decisions: {
      standing: sessionId => standings.get(sessionId),
      open,
      load: () =>
        new Map(
          Array.from({ length: partitions }, (_, partition) => [
            partition,
            open().filter(sessionId => partitionOfSession(sessionId) === partition).length,
          ]),
        ),
      silence: partition => scorer.silences.get(partition) ?? 0,
      get staleness() {
        return scorer.staleness
      },
      expect: (sessionId, limitMs) => {
        const { promise: arrived, resolve } = Promise.withResolvers<Standing | undefined>()
        const timer = setTimeout(() => resolve(undefined), limitMs)
        void arrived.then(() => clearTimeout(timer))
        waiting.set(sessionId, resolve)
        return { arrived, abandon: () => resolve(undefined) }
      },
    },
  }
  return scorer
}
