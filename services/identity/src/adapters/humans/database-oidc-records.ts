import type { Clock } from '@cordon/foundation'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import { errors } from 'oidc-provider'

import type { Database } from '../../ports/database.ts'

interface Row {
  readonly body: AdapterPayload
  readonly consumed_at: number | null
}

/** Sessions, grants, codes and what else the embedded provider has to remember. */
export interface OidcRecords {
  /** As `oidc-provider` wants it: one for each kind of record. */
  readonly adapterOf: (kind: string) => Adapter
  /** How many there are of a kind that are not over. */
  count(kind: string): Promise<number>
  /** Whether a human is still signed in with the session that a client knows by this `sid`. */
  isSignedIn(subject: string, clientId: string, sid: string): Promise<boolean>
  /** Removes what is over. */
  sweep(): Promise<void>
}

const select = 'select body, consumed_at from oidc_records where'

export const createDatabaseOidcRecords = (database: Database, clock: Clock): OidcRecords => {
  const find = async (condition: string, ...parameters: readonly string[]) => {
    const [row] = await database.query<Row>(`${select} ${condition}`, parameters)
    if (row === undefined) return undefined
    return row.consumed_at === null ? row.body : { ...row.body, consumed: Math.floor(row.consumed_at / 1000) }
  }

  const adapterOf = (kind: string): Adapter => ({
    upsert: async (id, payload, expiresIn) => {
      await database.query(
        `insert into oidc_records (kind, id, body, grant_id, user_code, uid, expires_at)
         values ($1, $2, $3::jsonb, $4, $5, $6, $7)
         on conflict (kind, id) do update set body = excluded.body, grant_id = excluded.grant_id,
           user_code = excluded.user_code, uid = excluded.uid, expires_at = excluded.expires_at`,
        [
          kind,
          id,
          JSON.stringify(payload),
          payload.grantId ?? null,
          payload.userCode ?? null,
          payload.uid ?? null,
          clock.now() + (expiresIn ?? longestLifeSeconds) * 1000,
        ],
      )
    },
    find: async id => find('kind = $1 and id = $2', kind, id),
    findByUid: async uid => find('kind = $1 and uid = $2', kind, uid),
    findByUserCode: async userCode => find('kind = $1 and user_code = $2', kind, userCode),
    consume: async id => {
      const taken = await database.query<{ id: string }>(
        `update oidc_records set consumed_at = $3 where kind = $1 and id = $2 and consumed_at is null returning id`,
        [kind, id, clock.now()],
      )
      // Two that come at once both found it unused; only one of them used it.
      if (taken.length === 0) throw new errors.InvalidGrant('already consumed')
    },
    destroy: async id => {
      await database.query('delete from oidc_records where kind = $1 and id = $2', [kind, id])
    },
    revokeByGrantId: async grantId => {
      await database.query('delete from oidc_records where kind = $1 and grant_id = $2', [kind, grantId])
    },
  })

  return {
    adapterOf,
    count: async kind => {
      const [row] = await database.query<{ count: number }>(
        'select count(*) as count from oidc_records where kind = $1 and expires_at > $2',
        [kind, clock.now()],
      )
      return row?.count ?? 0
    },
    isSignedIn: async (subject, clientId, sid) => {
      const rows = await database.query(
        `select 1 as one from oidc_records where kind = 'Session' and expires_at > $1
           and body ->> 'accountId' = $2 and body -> 'authorizations' -> $3 ->> 'sid' = $4`,
        [clock.now(), subject, clientId, sid],
      )
      return rows.length > 0
    },
    sweep: async () => {
      await database.query('delete from oidc_records where expires_at <= $1', [clock.now() - afterlifeMs])
      await database.query('delete from security_events_taken where until_at <= $1', [clock.now()])
      // A day is the longest that any kind of try is remembered.
      await database.query('delete from human_attempts where last_at <= $1', [clock.now() - forgetMs])
    },
  }
}

/** Nothing that we configure lives on for ever; what would, is bounded here. */
const longestLifeSeconds = 8 * 60 * 60
const forgetMs = 24 * 60 * 60_000
/** Whoever asks for what is just over hears that it expired (RFC 8628 §3.5), not that it never was. */
const afterlifeMs = 10 * 60_000
