import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { systemClock } from '@cordon/foundation'
import {
  addHuman,
  createHumanEvents,
  type EmbeddedProvider,
  type HumanSessionEnded,
  humanMigrations,
  openDatabase,
  openEmbeddedProvider,
  openHumansFile,
} from '@cordon/identity/humans'
import { createTelemetry, type Telemetry } from '@cordon/telemetry'

/** Who may sign in. */
interface TestHuman {
  readonly subject: string
  readonly name: string
  readonly email: string
  readonly groups: readonly string[]
  readonly password: string
}

export const alice: TestHuman = {
  subject: 'alice',
  name: 'Alice Example',
  email: 'alice@example.com',
  groups: ['analysts', 'staff'],
  password: 'correct horse battery',
}
export const bob: TestHuman = {
  subject: 'bob',
  name: 'Bob <script>alert(1)</script>',
  email: 'bob@example.com',
  groups: [],
  password: 'staple of another kind',
}

/** The embedded provider, served on loopback as identity would. */
export interface LoginServer {
  readonly origin: string
  readonly provider: EmbeddedProvider
  readonly telemetry: Telemetry
  /** What log-outs ended, in order. */
  readonly ended: readonly HumanSessionEnded[]
  /** The next endings fail while this is set. */
  failEndings: boolean
  /** Nobody has tried anything yet. */
  forgetTries(): Promise<void>
  close(): Promise<void>
}

export const openLoginServer = async (): Promise<LoginServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-login-'))
  const humansFile = join(folder, 'humans.json')
  for (const human of [alice, bob]) await addHuman(humansFile, human, human.password)
  const database = await openDatabase({
    location: { kind: 'memory' },
    migrations: humanMigrations,
    onLost: () => undefined,
  })
  const telemetry = createTelemetry({
    service: 'identity',
    logLevel: 'info',
    destination: { write: () => undefined },
  })
  const events = createHumanEvents(telemetry)
  const ended: HumanSessionEnded[] = []
  const server = createServer((request, response) => provider.handler(request, response))
  const origin = `http://127.0.0.1:${await listen(server)}`
  const provider = await openEmbeddedProvider({
    issuer: origin,
    database,
    accounts: await openHumansFile(humansFile, error => events.humansFileFaulty(error)),
    endings: {
      ended: async ending => {
        if (login.failEndings) throw new Error('the log does not answer')
        ended.push(ending)
      },
    },
    events,
    clock: systemClock,
  })
  const login: LoginServer = {
    origin,
    provider,
    telemetry,
    ended,
    failEndings: false,
    forgetTries: async () => {
      await database.query('delete from human_attempts')
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await provider.close()
      await database.close()
      await rm(folder, { recursive: true })
    },
  }
  return login
}

const listen = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
