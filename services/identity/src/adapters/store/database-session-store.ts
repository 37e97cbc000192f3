import type { SessionId } from '@cordon/foundation'

import type { EndReason } from '../../core/end-reason.ts'
import type { HeldSession, StoredSession } from '../../core/held-session.ts'
import type { PrincipalFacts } from '../../core/principal-of.ts'
import type { Database } from '../../ports/database.ts'
import type { SessionEnding, SessionStore } from '../../ports/session-store.ts'
import { addSessions } from './add-sessions.ts'
import { dueSessions } from './due-sessions.ts'
import { createGroupCommit } from './group-commit.ts'
import { renewSessions } from './renew-sessions.ts'

/** Ended sessions answer for themselves this long: whoever asks later is told that nobody knows them. */
const keptAfterEndMs = 24 * 60 * 60 * 1000

/** A grant from before a log-out is refused as long as it could be shown: 90 days at most, and clocks differ. */
const logOutKeptMs = 91 * 24 * 60 * 60 * 1000

interface SessionRow {
  readonly held: HeldSession
  readonly status_index: number
  readonly ended_at: number | null
}

const columns = 'held, status_index, ended_at'

export const createDatabaseSessionStore = (database: Database): SessionStore => {
  const byRefreshToken = createGroupCommit(async (digests: readonly Uint8Array[]) => {
    const rows = await database.query<SessionRow & { refresh_digest: Buffer }>(
      `select ${columns}, refresh_digest from sessions where refresh_digest = any($1::bytea[])`,
      [digests],
    )
    return digests.map(digest => storedOf(rows.find(row => row.refresh_digest.equals(digest))))
  })

  const openAfter: SessionStore['openAfter'] = async (after, count) => {
    const rows = await database.query<SessionRow & { readonly active_at: number }>(
      `select ${columns}, active_at from sessions where ended_at is null and status_index > $1
       order by status_index limit $2`,
      [after, count],
    )
    return rows.map(row => ({ session: row.held, statusIndex: row.status_index, activeAt: row.active_at }))
  }

  return {
    add: createGroupCommit(async sessions => addSessions(database, sessions)),
    renew: createGroupCommit(async renewals => renewSessions(database, renewals)),
    findByRefreshToken: byRefreshToken,
    find: async sessionId => {
      const [row] = await database.query<SessionRow>(
        `select ${columns} from sessions where session_id = $1`,
        [sessionId],
      )
      return storedOf(row)
    },
    forget: async sessionId => {
      await database.query('delete from sessions where session_id = $1', [sessionId])
    },
    end: async endings => {
      await database.query(
        `update sessions s set ended_at = e.ended_at, end_reason = e.reason
         from unnest($1::text[], $2::text[], $3::bigint[]) as e (session_id, reason, ended_at)
         where s.session_id = e.session_id and s.ended_at is null`,
        [
          endings.map(({ sessionId }) => sessionId),
          endings.map(({ reason }) => reason),
          endings.map(({ endedAt }) => endedAt),
        ],
      )
    },
    endRecorded: async sessionIds => {
      await database.query('update sessions set end_recorded = true where session_id = any($1::text[])', [
        sessionIds,
      ])
    },
    unrecordedEnds: async () => {
      const rows = await database.query<{ session_id: SessionId; end_reason: EndReason; ended_at: number }>(
        `select session_id, end_reason, ended_at from sessions
         where ended_at is not null and not end_recorded order by ended_at limit 1000`,
      )
      return rows.map((row): SessionEnding => ({
        sessionId: row.session_id,
        reason: row.end_reason,
        endedAt: row.ended_at,
      }))
    },
    due: async limits => dueSessions(database, limits),
    open: async function* () {
      for (let after = -1; ;) {
        const page = await openAfter(after, 1000)
        for (const { session } of page) yield session
        const last = page.at(-1)
        if (last === undefined) return
        after = last.statusIndex
      }
    },
    openAfter,
    delegated: async () => {
      // Each second, for all there are: no more of them than tells who handed the work on.
      const rows = await database.query<{ facts: PrincipalFacts }>(
        `select jsonb_build_object('sessionId', session_id, 'human', human, 'agentId', held -> 'agentId',
           'platform', held -> 'platform', 'ancestors', held -> 'ancestors', 'grantId', held -> 'grantId',
           'agent', jsonb_build_object('actor', held -> 'agent' -> 'actor')) as facts
         from sessions where ended_at is null and parent is not null`,
      )
      return rows.map(({ facts }) => facts)
    },
    touch: async activity => {
      await database.query(
        `update sessions s set active_at = greatest(s.active_at, a.active_at)
         from unnest($1::text[], $2::bigint[]) as a (session_id, active_at)
         where s.session_id = a.session_id`,
        [[...activity.keys()], [...activity.values()]],
      )
    },
    logOut: async event => {
      await database.query(
        `insert into logged_out (provider, event_id, human, human_session, revoked_at)
         values ($1, $2, $3, $4, $5) on conflict do nothing`,
        [event.provider, event.eventId, event.human, event.humanSession, event.revokedAt],
      )
    },
    purge: async now => {
      await database.query('delete from used_proofs where expires_at <= $1', [now])
      await database.query('delete from logged_out where revoked_at <= $1', [now - logOutKeptMs])
      await database.query('delete from sessions where end_recorded and ended_at <= $1', [
        now - keptAfterEndMs,
      ])
    },
    statusRange: async () => {
      const [row] = await database.query<{ first: number | null; last: number | null }>(
        'select min(status_index) as first, max(status_index) as last from sessions',
      )
      const { first = null, last = null } = row ?? {}
      return first === null || last === null ? undefined : { first, last }
    },
    statuses: async (from, to) => {
      const rows = await database.query<SessionRow>(
        `select ${columns} from sessions where status_index >= $1 and status_index < $2`,
        [from, to],
      )
      return rows.flatMap(row => storedOf(row) ?? [])
    },
  }
}

const storedOf = (row: SessionRow | undefined): StoredSession | undefined =>
  row && { session: row.held, statusIndex: row.status_index, ended: row.ended_at !== null }
