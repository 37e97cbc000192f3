import { fileURLToPath } from 'node:url'

import { findFreePort } from '../free-port.ts'
import { baseEnvironment } from '../process/base-environment.ts'
import type { Supervisor } from '../process/service-process.ts'
import { canQuery } from './can-query.ts'
import type { Postgres } from './postgres.ts'

const readyTimeoutMs = 60_000

/** PostgreSQL in WebAssembly behind a socket, in memory, in a process of its own: queries would block ours. */
export const startPglitePostgres = async (supervisor: Supervisor): Promise<Postgres> => {
  const port = await findFreePort()
  const connectionString = `postgres://postgres:postgres@127.0.0.1:${port}/postgres?sslmode=disable`
  const server = await supervisor.start(
    {
      name: 'pglite',
      command: process.execPath,
      args: [fileURLToPath(new URL('pglite-server.ts', import.meta.url)), String(port)],
      environment: baseEnvironment(process.env),
      exitsWithStdin: true,
      stopSteps: [],
    },
    { isReady: () => canQuery(connectionString), timeoutMs: readyTimeoutMs },
  )
  const description = `PGlite, 127.0.0.1:${port}, in memory`
  return { kind: 'pglite', description, connectionString, process: server }
}
