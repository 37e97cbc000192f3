import { hash } from 'node:crypto'

import type { Clock } from '@cordon/foundation'

import type { Database, Queries } from '../../ports/database.ts'
import type { AttemptKind, Attempts } from '../../ports/humans.ts'
import type { AttemptState, takeAttempt, takeBackAttempt } from '../../core/humans/attempt-limit.ts'

/** What decides, handed in: adapters know the types of the core only. */
export interface AttemptRules {
  readonly takeAttempt: typeof takeAttempt
  readonly takeBackAttempt: typeof takeBackAttempt
}

interface Row {
  readonly failures: number
  readonly locked_until: number
  readonly last_at: number
}

/** Tries, kept through restarts: starting anew must not be a way to guess on. Names are kept as digests. */
export const createDatabaseAttempts = (database: Database, clock: Clock, rules: AttemptRules): Attempts => ({
  take: async (kind, subject) =>
    database.transaction(async queries => {
      const now = clock.now()
      const key = digest(subject)
      const { waitMs, state } = rules.takeAttempt(kind, await lock(queries, kind, key, now), now)
      await write(queries, kind, key, state)
      return waitMs
    }),
  takeBack: async (kind, subject) => {
    await database.transaction(async queries => {
      const key = digest(subject)
      const state = await lock(queries, kind, key, clock.now())
      await write(queries, kind, key, rules.takeBackAttempt(state))
    })
  },
  forget: async (kind, subject) => {
    await database.query('delete from human_attempts where kind = $1 and subject = $2', [
      kind,
      digest(subject),
    ])
  },
})

// The row is there before it is read, so that two tries at once wait for each other.
const lock = async (queries: Queries, kind: AttemptKind, key: Buffer, now: number): Promise<AttemptState> => {
  const rows = await queries.query<Row>(
    `insert into human_attempts (kind, subject, failures, locked_until, last_at) values ($1, $2, 0, 0, $3)
     on conflict (kind, subject) do update set failures = human_attempts.failures
     returning failures, locked_until, last_at`,
    [kind, key, now],
  )
  const { failures = 0, locked_until: lockedUntil = 0, last_at: lastAt = now } = rows[0] ?? {}
  return { failures, lockedUntil, lastAt }
}

const write = async (
  queries: Queries,
  kind: AttemptKind,
  key: Buffer,
  state: AttemptState,
): Promise<void> => {
  await queries.query(
    'update human_attempts set failures = $3, locked_until = $4, last_at = $5 where kind = $1 and subject = $2',
    [kind, key, state.failures, state.lockedUntil, state.lastAt],
  )
}

const digest = (subject: string): Buffer => hash('sha256', subject, 'buffer')
