import type { Clock } from '@cordon/foundation'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import { errors } from 'oidc-provider'

import type { networksOf } from '../../core/humans/networks-of.ts'
import type { Database } from '../../ports/database.ts'
import { createSealedRecords } from './sealed-records.ts'

interface Row {
  readonly kind: string
  readonly id: Buffer
  readonly sealed: Buffer
  readonly consumed_at: number | null
}

/**
 * Sessions, grants, codes and what else the embedded provider has to remember. Each is found by digests and sealed: the name of a record
 * is the code or the cookie that opens it.
 */
export interface OidcRecords {
  /** As `oidc-provider` wants it: one for each kind of record. */
  readonly adapterOf: (kind: string) => Adapter
  /** How many there are of a kind that are not over. */
  count(kind: string): Promise<number>
  /**
   * Removes the oldest code that nobody has allowed yet, of the network whose devices have most of them; a site of IPv6 counts as the tenth
   * of what its networks have together.
   * @returns whether there was one
   */
  dropDeviceCode(): Promise<boolean>
  /** Whether a human is still signed in with the session that a client knows by this `sid`. */
  isSignedIn(subject: string, clientId: string, sid: string): Promise<boolean>
  /** Removes what is over. */
  sweep(): Promise<void>
}

const select = 'select kind, id, sealed, consumed_at from oidc_records where kind = $1 and'

/** @param sealingKey 32 bytes */
export const createDatabaseOidcRecords = (
  database: Database,
  clock: Clock,
  sealingKey: Buffer,
  rules: { readonly networksOf: typeof networksOf; readonly networksPerSite: number },
): OidcRecords => {
  const records = createSealedRecords(sealingKey)
  const { digest } = records

  const find = async (column: string, kind: string, name: string): Promise<AdapterPayload | undefined> => {
    const [row] = await database.query<Row>(`${select} ${column} = $2`, [kind, digest(name)])
    if (row === undefined) return undefined
    const body = records.unseal(row.kind, row.id, row.sealed) as AdapterPayload
    return row.consumed_at === null ? body : { ...body, consumed: Math.floor(row.consumed_at / 1000) }
  }

  const signedInOf = ({ accountId, authorizations }: AdapterPayload): readonly Buffer[] =>
    accountId === undefined
      ? []
      : Object.entries(authorizations ?? {}).flatMap(([client, { sid }]) =>
          sid === undefined ? [] : [digest(accountId, client, sid)],
        )

  const originOf = ({
    deviceInfo,
  }: AdapterPayload): readonly [origin: Buffer | null, site: Buffer | null] => {
    const address: unknown = deviceInfo?.['address']
    if (typeof address !== 'string') return [null, null]
    const [network, site] = rules.networksOf(address)
    return [digest('origin', network.name), site === undefined ? null : digest('origin', site.name)]
  }

  const adapterOf = (kind: string): Adapter => ({
    upsert: async (name, payload, expiresIn) => {
      const id = digest(name)
      const { grantId, userCode, uid } = payload
      await database.query(
        `insert into oidc_records (kind, id, sealed, grant_id, user_code, uid, signed_in, expires_at, origin, site)
         values ($1, $2, $3, $4, $5, $6, $7::bytea[], $8, $9, $10)
         on conflict (kind, id) do update set sealed = excluded.sealed, grant_id = excluded.grant_id,
           user_code = excluded.user_code, uid = excluded.uid, signed_in = excluded.signed_in,
           expires_at = excluded.expires_at`,
        [
          kind,
          id,
          records.seal(kind, id, payload),
          grantId === undefined ? null : digest(grantId),
          userCode === undefined ? null : digest(userCode),
          uid === undefined ? null : digest(uid),
          signedInOf(payload),
          clock.now() + (expiresIn ?? longestLifeSeconds) * 1000,
          ...originOf(payload),
        ],
      )
    },
    find: async id => find('id', kind, id),
    findByUid: async uid => find('uid', kind, uid),
    findByUserCode: async userCode => find('user_code', kind, userCode),
    consume: async id => {
      const taken = await database.query(
        `update oidc_records set consumed_at = $3 where kind = $1 and id = $2 and consumed_at is null returning kind`,
        [kind, digest(id), clock.now()],
      )
      // Two that come at once both found it unused; only one of them used it.
      if (taken.length === 0) throw new errors.InvalidGrant('already consumed')
    },
    destroy: async id => {
      await database.query('delete from oidc_records where kind = $1 and id = $2', [kind, digest(id)])
    },
    revokeByGrantId: async grantId => {
      await database.query('delete from oidc_records where kind = $1 and grant_id = $2', [
        kind,
        digest(grantId),
      ])
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
    dropDeviceCode: async () => {
      // Found by their lives, which are all as long: who came first ends first.
      const dropped = await database.query(
        `with waiting as (
           select id, expires_at, count(*) over (partition by origin) as of_network,
             count(site) over (partition by site) as of_site
           from oidc_records
           where kind = 'DeviceCode' and expires_at > $1 and grant_id is null and consumed_at is null)
         delete from oidc_records where kind = 'DeviceCode' and id = (
           select id from waiting
           order by greatest(of_network, of_site / $2::float) desc, expires_at limit 1)
         returning kind`,
        [clock.now(), rules.networksPerSite],
      )
      return dropped.length > 0
    },
    isSignedIn: async (subject, clientId, sid) => {
      const rows = await database.query(
        `select 1 as one from oidc_records where kind = 'Session' and expires_at > $1 and signed_in @> $2::bytea[]`,
        [clock.now(), [digest(subject, clientId, sid)]],
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
