import pg from 'pg'

import type { Database, Queries, SqlValue } from '../../ports/database.ts'
import { databaseFault } from './database-fault.ts'

/** Enough to keep one core busy; PostgreSQL allows a hundred by default, and other replicas want theirs. */
const maxConnections = 8
const connectTimeoutMs = 5000
/** No statement of ours takes more than milliseconds; beyond this something holds a lock. */
const statementTimeoutMs = 10_000

/** `bigint` as a number: all of ours are times and counts. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (id, format) =>
    id === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(id, format),
}

/**
 * A PostgreSQL server that others may share.
 * @param onLost a connection broke while nobody used it
 * @throws IdentityError `DATABASE_UNAVAILABLE`
 */
export const openPostgresDatabase = async (options: {
  readonly connectionString: string
  readonly onLost: (error: Error) => void
}): Promise<Database> => {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    types,
  })
  pool.on('error', options.onLost)
  const database: Database = {
    ...queriesOf(pool),
    transaction: async run => {
      const client = await known(async () => pool.connect())
      let broken: Error | undefined
      try {
        const queries = queriesOf(client)
        await queries.query('begin')
        const value = await run(queries)
        await queries.query('commit')
        return value
      } catch (error) {
        // Where even that fails the connection goes, and with it the transaction.
        broken = await failureOf(async () => client.query('rollback'))
        throw error
      } finally {
        client.release(broken)
      }
    },
    close: async () => pool.end(),
  }
  await database.query('select 1')
  return database
}

const queriesOf = (asked: Pick<pg.Pool | pg.PoolClient, 'query'>): Queries => ({
  query: async <Row extends object>(sql: string, parameters: readonly SqlValue[] = []) => {
    const { rows } = await known(async () => asked.query<Row>(sql, [...parameters]))
    return rows
  },
})

/** Tells what PostgreSQL says of a statement from what happened to the way there. */
const known = async <Value>(ask: () => Promise<Value>): Promise<Value> => {
  try {
    return await ask()
  } catch (error) {
    throw databaseFault(error, error instanceof pg.DatabaseError)
  }
}

const failureOf = async (run: () => Promise<unknown>): Promise<Error | undefined> => {
  try {
    await run()
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error('rollback failed')
  }
}
