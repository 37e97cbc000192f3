import type { Clock, SessionId } from '@cordon/foundation'
import { partitionOfSession, uuidV7 } from '@cordon/foundation'
import { type Bundle, parseBundle } from '@cordon/policy'
import type { Standing } from '@cordon/schemas'
import { createTokenIssuer, generateSigningKeyPem, openSigningKey, type SigningKey } from '@cordon/tokens'

import { createSessions, type Sessions } from './core/sessions.ts'
import type { SessionDecisions, SessionLog, SessionRecord } from './ports.ts'

export const issuer = 'https://identity.example'

const bundle: Bundle = parseBundle(
  JSON.stringify({
    version: 3,
    catalogue: {
      'files/read_file': { readOnly: true, sensitivity: 1, mode: 'enforce' },
      'files/write_file': { readOnly: false, sensitivity: 2, mode: 'gate' },
      'postgres/query': { readOnly: true, sensitivity: 1, mode: 'enforce' },
    },
    roles: { analyst: { priorLogit: -4 } },
    thresholds: { verify: 3, readOnly: 5, suspend: 7 },
  }),
  'fixture',
)

/** Time that moves when it is told to. */
interface ManualClock extends Clock {
  advance(milliseconds: number): void
}

const createClock = (): ManualClock => {
  let now = 1_800_000_000_000
  return {
    now: () => now,
    advance: milliseconds => {
      now += milliseconds
    },
  }
}

/** A scorer in memory: what it says of a session, and whether it says anything. */
interface FakeScorer {
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

const createScorer = (partitions: number): FakeScorer => {
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

export interface IdentityFixture {
  readonly sessions: Sessions
  readonly scorer: FakeScorer
  readonly clock: ManualClock
  readonly key: SigningKey
  /** What a restarted process would be: the same log, decisions and key, no memory. */
  readonly restart: () => Sessions
}

export const limits = { sessionLifeMs: 3_600_000, openingTimeoutMs: 50 }

/** Identity on a scorer in memory. */
export const createIdentityFixture = async (partitions = 2): Promise<IdentityFixture> => {
  const clock = createClock()
  const scorer = createScorer(partitions)
  const key = await openSigningKey(generateSigningKeyPem())
  const restart = (): Sessions =>
    createSessions(
      {
        clock,
        bundles: { current: () => bundle },
        log: scorer.log,
        decisions: scorer.decisions,
        issuer: createTokenIssuer({ issuer, key }),
        newUuid: uuidV7,
      },
      limits,
    )
  return { sessions: restart(), scorer, clock, key, restart }
}
