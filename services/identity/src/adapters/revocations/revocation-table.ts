import type { Database, Queries } from '../../ports/database.ts'

/** Whether a scope may act, as it was decided last. */
export interface KeptRevocation {
  readonly scope: string
  readonly active: boolean
  readonly version: number
  /** Who decided. */
  readonly by: string
  readonly reason: string
  /** Of what is lifted: why it was stopped; absent where that was not kept. */
  readonly revokedFor?: string | undefined
  /** Milliseconds since the Unix epoch. */
  readonly decidedAt: number
  /** What signed the statement. */
  readonly keyId: string
  readonly statement: string
}

/** Any number that nothing else in this database locks by: of two statements of one version only one may be signed. */
const lockNumber = 7_226_304

interface Row {
  readonly scope: string
  readonly active: boolean
  readonly version: number
  readonly decided_by: string
  readonly reason: string
  readonly revoked_for: string | null
  readonly decided_at: number
  readonly key_id: string
  readonly statement: string
}

export const readRevocations = async ({ query }: Queries): Promise<readonly KeptRevocation[]> => {
  const rows = await query<Row>('select * from revocations order by scope')
  return rows.map(row => ({
    scope: row.scope,
    active: row.active,
    version: row.version,
    by: row.decided_by,
    reason: row.reason,
    revokedFor: row.revoked_for ?? undefined,
    decidedAt: row.decided_at,
    keyId: row.key_id,
    statement: row.statement,
  }))
}

/** Changes revocations while nobody else does. @param change gets all of them; says what to write */
export const changeRevocations = async (
  database: Database,
  change: (kept: readonly KeptRevocation[]) => readonly KeptRevocation[],
): Promise<readonly KeptRevocation[]> =>
  database.transaction(async queries => {
    await queries.query('select pg_advisory_xact_lock($1::bigint)', [lockNumber])
    const changed = change(await readRevocations(queries))
    for (const each of changed) await queries.query(upsert, valuesOf(each))
    return changed
  })

const upsert = `
  insert into revocations (scope, active, version, decided_by, reason, revoked_for, decided_at, key_id, statement)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict (scope) do update set active = excluded.active, version = excluded.version,
    decided_by = excluded.decided_by, reason = excluded.reason, revoked_for = excluded.revoked_for,
    decided_at = excluded.decided_at, key_id = excluded.key_id, statement = excluded.statement`

const valuesOf = (each: KeptRevocation) => [
  each.scope,
  each.active,
  each.version,
  each.by,
  each.reason,
  each.revokedFor ?? null,
  each.decidedAt,
  each.keyId,
  each.statement,
]
