import type { Database, Queries } from '../../ports/database.ts'

/** A signing key as it is kept. */
export interface KeptKey {
  readonly keyId: string
  readonly sealed: Buffer
  /** Milliseconds since the Unix epoch. */
  readonly signsFrom: number
}

/** Any number that nothing else in this database locks by: replicas that make a key take turns. */
const lockNumber = 7_226_303

interface Row {
  readonly key_id: string
  readonly sealed: Buffer
  readonly signs_from: number
}

export const readKeys = async ({ query }: Queries): Promise<readonly KeptKey[]> => {
  const rows = await query<Row>('select key_id, sealed, signs_from from signing_keys')
  return rows.map(row => ({ keyId: row.key_id, sealed: row.sealed, signsFrom: row.signs_from }))
}

/** Changes the keys while nobody else does. @param change gets all keys; says which to add and which to drop */
export const changeKeys = async (
  database: Database,
  change: (
    keys: readonly KeptKey[],
  ) => Promise<{ readonly add: readonly KeptKey[]; readonly drop: readonly string[] }>,
): Promise<void> =>
  database.transaction(async queries => {
    await queries.query('select pg_advisory_xact_lock($1::bigint)', [lockNumber])
    const { add, drop } = await change(await readKeys(queries))
    for (const { keyId, sealed, signsFrom } of add)
      await queries.query('insert into signing_keys (key_id, sealed, signs_from) values ($1, $2, $3)', [
        keyId,
        sealed,
        signsFrom,
      ])
    if (drop.length > 0)
      await queries.query('delete from signing_keys where key_id = any($1::text[])', [[...drop]])
  })
