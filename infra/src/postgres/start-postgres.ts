import type { Supervisor } from '../process/service-process.ts'
import type { OnProgress } from '../progress.ts'
import { startInstalledPostgres } from './installed-postgres.ts'
import { startPglitePostgres } from './pglite-postgres.ts'
import { findPostgresBinaries } from './postgres-binaries.ts'
import type { Postgres } from './postgres.ts'

export interface PostgresOptions {
  readonly supervisor: Supervisor
  readonly onProgress: OnProgress
  /** The folder with `initdb` and `postgres`; `null`: none, take PGlite. Default: what is found on this machine. */
  readonly binaries?: string | null
}

/** A throw-away PostgreSQL on loopback: a real one where one is installed and starts, else PGlite. */
export const startPostgres = async (options: PostgresOptions): Promise<Postgres> => {
  const { supervisor, onProgress, binaries = findPostgresBinaries() } = options
  const postgres = await startBest(binaries ?? undefined, supervisor, onProgress)
  onProgress({ part: 'postgres', state: 'ready', text: postgres.description })
  return postgres
}

const startBest = async (
  binaries: string | undefined,
  supervisor: Supervisor,
  onProgress: OnProgress,
): Promise<Postgres> => {
  if (binaries === undefined) return startPglitePostgres(supervisor)
  try {
    return await startInstalledPostgres(binaries, supervisor)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    onProgress({ part: 'postgres', state: 'working', text: `${reason}\nTaking PGlite instead` })
    return startPglitePostgres(supervisor)
  }
}
