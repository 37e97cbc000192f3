import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { takeLock } from '@cordon/lifecycle'
import { PGlite, types } from '@electric-sql/pglite'

import { IdentityError } from '../../identity-error.ts'
import type { Database, Queries, SqlValue } from '../../ports/database.ts'
import { databaseFault } from './database-fault.ts'

/** A predecessor that was told to stop needs this long at most. */
const lockWaitMs = 15_000

/**
 * PostgreSQL in this process, its files in a folder that only its owner may read.
 * @param folder `undefined`: in memory, for tests
 * @throws CordonError `FOLDER_IN_USE` while another process has the folder: two would ruin it
 */
export const openPgliteDatabase = async (folder: string | undefined): Promise<Database> => {
  const release = folder === undefined ? () => undefined : await occupy(folder)
  const database = await PGlite.create({
    ...(folder !== undefined && { dataDir: join(folder, 'pgdata') }),
    parsers: { [types.INT8]: Number, [types.BYTEA]: toBuffer },
    serializers: { [types.BYTEA]: fromBytes },
  })
  return {
    ...queriesOf(database),
    transaction: async run => {
      try {
        return await database.transaction(async inner => run(queriesOf(inner)))
      } catch (error) {
        throw isSqlError(error) ? databaseFault(error, true) : error
      }
    },
    close: async () => {
      await database.close()
      release()
    },
  }
}

const occupy = async (folder: string): Promise<() => void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = await takeLock(join(folder, 'lock'), {
    what: `identity's database in ${folder}`,
    holderPid: process.pid,
    waitMs: lockWaitMs,
  })
  return () => lock.release()
}

const queriesOf = (asked: Pick<PGlite, 'query'>): Queries => ({
  query: async <Row extends object>(sql: string, parameters: readonly SqlValue[] = []) => {
    try {
      const { rows } = await asked.query<Row>(sql, [...parameters])
      return rows
    } catch (error) {
      if (error instanceof IdentityError) throw error
      throw databaseFault(error, isSqlError(error))
    }
  },
})

const isSqlError = (error: unknown): boolean =>
  error instanceof Error &&
  !(error instanceof IdentityError) &&
  'code' in error &&
  /^[0-9A-Z]{5}$/.test(String(error.code))

// As PostgreSQL writes bytes: \x and two hexadecimal digits each. PGlite's own way takes ten times as long.
const toBuffer = (text: string): Buffer => Buffer.from(text.slice(2), 'hex')
const fromBytes = (bytes: Uint8Array): string =>
  `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`
