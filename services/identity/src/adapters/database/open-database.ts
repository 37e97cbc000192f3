import type { Database, Migration } from '../../ports/database.ts'
import { migrate } from './migrate.ts'
import { openPgliteDatabase } from './pglite-database.ts'
import { openPostgresDatabase } from './postgres-database.ts'

/** Where the database is. */
export type DatabaseLocation =
  | { readonly kind: 'embedded'; readonly folder: string }
  /** It carries a password. */
  | { readonly kind: 'server'; readonly connectionString: string }
  /** Gone with the process; for tests. */
  | { readonly kind: 'memory' }

/** Opens the database and brings its schema up to date. */
export const openDatabase = async (options: {
  readonly location: DatabaseLocation
  readonly migrations: readonly Migration[]
  /** A connection broke while nobody used it; the next query makes another. */
  readonly onLost: (error: Error) => void
}): Promise<Database> => {
  const database = await open(options.location, options.onLost)
  try {
    await migrate(database, options.migrations)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

const open = async (location: DatabaseLocation, onLost: (error: Error) => void): Promise<Database> => {
  switch (location.kind) {
    case 'server':
      return openPostgresDatabase({ connectionString: location.connectionString, onLost })
    case 'embedded':
      return openPgliteDatabase(location.folder)
    case 'memory':
      return openPgliteDatabase(undefined)
  }
}
