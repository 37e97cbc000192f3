import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { findFreePort } from '../free-port.ts'
import { baseEnvironment } from '../process/base-environment.ts'
import { endsWithParent } from '../process/ends-with-parent.ts'
import type { Supervisor } from '../process/service-process.ts'
import { canQuery } from './can-query.ts'
import type { Postgres } from './postgres.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

const owner = 'cordon'
const readyTimeoutMs = 30_000

/**
 * A cluster of its own from the machine's PostgreSQL, on loopback, removed with everything in it at the end.
 * @throws InfraError with what its programs said
 */
export const startInstalledPostgres = async (binaries: string, supervisor: Supervisor): Promise<Postgres> => {
  // Not below the supervisor's folder: that is open to its owner only, and PostgreSQL may run as another.
  const folder = supervisor.makeTemporaryFolder('postgres')
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  const password = randomBytes(18).toString('base64url')
  await writeFile(passwordFile, password, { mode: 0o600 })
  await mkdir(data, { mode: 0o700 })
  const user = unprivilegedUser()
  if (user !== undefined) {
    for (const path of [data, passwordFile]) await chown(path, user.uid, user.gid)
    await chmod(folder, 0o711)
  }
  const shared = {
    environment: baseEnvironment(process.env),
    folder,
    ...(user === undefined ? {} : { user }),
  }
  await supervisor.run({
    ...shared,
    name: 'initdb',
    command: join(binaries, 'initdb'),
    args: ['--pgdata', data, '--username', owner, '--pwfile', passwordFile, ...clusterFlags],
  })
  await rm(passwordFile)
  const port = await findFreePort()
  const connectionString = `postgres://${owner}:${password}@127.0.0.1:${port}/postgres`
  const server = await supervisor.start(
    {
      ...shared,
      name: 'postgres',
      ...endsWithParent({
        command: join(binaries, 'postgres'),
        args: ['-D', data, '-p', String(port), ...settings.flatMap(setting => ['-c', setting])],
      }),
      // Fast: ends sessions, then itself. Immediate: ends its own processes without a clean shutdown.
      stopSteps: [
        { signal: 'SIGINT', waitMs: 5000 },
        { signal: 'SIGQUIT', waitMs: 2000 },
      ],
    },
    { isReady: () => canQuery(connectionString), timeoutMs: readyTimeoutMs },
  )
  const description = `PostgreSQL (${binaries}), 127.0.0.1:${port}, throw-away`
  return { kind: 'installed', description, connectionString, process: server }
}

const clusterFlags = ['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-sync']

const settings = [
  'listen_addresses=127.0.0.1',
  // No socket file that could be left behind.
  'unix_socket_directories=',
  // Nothing in it outlives it.
  'fsync=off',
  'full_page_writes=off',
  'shared_buffers=32MB',
  'max_connections=40',
]
