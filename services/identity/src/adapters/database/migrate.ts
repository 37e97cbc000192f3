import type { Database, Migration, Queries } from '../../ports/database.ts'

/** Any number that nothing else in this database locks by: two identities that start at once take turns. */
const lockNumber = 7_226_301

/** Brings the schema up to date, each step once. @throws Error where steps of a part do not count 1, 2, 3 … */
export const migrate = async (database: Database, migrations: readonly Migration[]): Promise<void> => {
  requireOrder(migrations)
  await database.transaction(async queries => {
    await queries.query('select pg_advisory_xact_lock($1::bigint)', [lockNumber])
    await queries.query(
      `create table if not exists schema_steps (
         part text not null,
         number integer not null,
         taken_at timestamptz not null default now(),
         primary key (part, number))`,
    )
    const taken = await queries.query<{ part: string; number: number }>(
      'select part, number from schema_steps',
    )
    const done = new Set(taken.map(nameOf))
    for (const migration of migrations) if (!done.has(nameOf(migration))) await take(queries, migration)
  })
}

const take = async (queries: Queries, { part, number, statements }: Migration): Promise<void> => {
  for (const statement of statements) await queries.query(statement)
  await queries.query('insert into schema_steps (part, number) values ($1, $2)', [part, number])
}

const nameOf = ({ part, number }: Pick<Migration, 'part' | 'number'>): string => `${part} ${number}`

const requireOrder = (migrations: readonly Migration[]): void => {
  const counts = new Map<string, number>()
  for (const { part, number } of migrations) {
    const expected = (counts.get(part) ?? 0) + 1
    if (number !== expected)
      throw new Error(`migrations of ${part}: expected ${expected} next, got ${number}`)
    counts.set(part, number)
  }
}
