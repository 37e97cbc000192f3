import type { Queries } from '../../ports/database.ts'

/** A key that an engine announced. Times are milliseconds since the Unix epoch. */
export interface AnnouncedKey {
  /** Thumbprint of the engine's own key. */
  readonly announcer: string
  /** The public key: 32 bytes in base64url. */
  readonly x: string
  /** When nothing that it signed counts any more. */
  readonly until: number
  readonly announcedAt: number
}

interface Row {
  readonly announcer: string
  readonly x: string
  readonly until: number
  readonly announced_at: number
}

export const readEngineKeys = async ({ query }: Queries): Promise<readonly AnnouncedKey[]> => {
  const rows = await query<Row>(
    'select announcer, x, until, announced_at from engine_keys order by until desc, x',
  )
  return rows.map(({ announced_at: announcedAt, ...row }) => ({ ...row, announcedAt }))
}

/** An announcement that is older than what is kept of a key changes nothing. */
export const keepEngineKey = async (
  { query }: Queries,
  { announcer, x, until, announcedAt }: AnnouncedKey,
): Promise<void> => {
  await query(
    `insert into engine_keys (announcer, x, until, announced_at) values ($1, $2, $3, $4)
     on conflict (announcer, x) do update set until = excluded.until, announced_at = excluded.announced_at
     where engine_keys.announced_at <= excluded.announced_at`,
    [announcer, x, until, announcedAt],
  )
}

export const dropEngineKeys = async ({ query }: Queries, overSince: number): Promise<void> => {
  await query('delete from engine_keys where until < $1', [overSince])
}
