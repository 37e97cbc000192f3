import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  addHuman,
  createHumanEvents,
  createIdTokenVerifier,
  createProviderKeys,
  type EmbeddedProvider,
  embeddedIssuerOf,
  embeddedProviderEntry,
  humanMigrations,
  humanOf,
  type HumanSessionEnded,
  type IdTokenVerifier,
  judgeIdToken,
  openDatabase,
  openEmbeddedProvider,
  openHumansFile,
} from '@cordon/identity/humans'
import type { IdentityProvider } from '@cordon/policy'
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

/** What an address may ask for is counted by the minute. */
const budgetWindowMs = 60_000

/** The embedded provider, served on loopback as identity would. */
export interface LoginServer {
  readonly origin: string
  readonly provider: EmbeddedProvider
  /** As identity verifies what the provider issues. */
  readonly verifier: IdTokenVerifier
  /** As the bundle would have them. */
  readonly providers: Readonly<Record<string, IdentityProvider>>
  readonly telemetry: Telemetry
  /** What log-outs ended, in order. */
  readonly ended: readonly HumanSessionEnded[]
  /** The next endings fail while this is set. */
  failEndings: boolean
  /** As if nobody had tried or asked for anything lately. */
  forgetTries(): Promise<void>
  /** Moves the clock of keys and limits. */
  advance(milliseconds: number): void
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
  const ended: HumanSessionEnded[] = []
  let aheadMs = 0
  const server = createServer((request, response) => provider.handler(request, response))
  const origin = `http://127.0.0.1:${await listen(server)}`
  const providers = {
    [embeddedIssuerOf(origin)]: embeddedProviderEntry(origin, {
      roles: [{ claim: 'groups', value: 'analysts', role: 'analyst' }],
      entitlements: [{ claim: 'groups', value: 'staff', tools: ['files/*', 'postgres/query', 'mail/send'] }],
      clearances: [{ claim: 'groups', value: 'staff', clearance: 1 }],
    }),
  }
  const events = createHumanEvents(telemetry)
  // It stands still unless it is moved: how fast the machine is decides about no limit.
  const startedAt = Date.now()
  const clock = { now: () => startedAt + aheadMs }
  const provider = await openEmbeddedProvider({
    issuer: origin,
    database,
    sealingKey: Buffer.alloc(32, 7),
    accounts: await openHumansFile(humansFile, error => events.humansFileFaulty(error)),
    endings: {
      ended: async ending => {
        if (login.failEndings) throw new Error('the log does not answer')
        ended.push(ending)
      },
    },
    events,
    clock,
  })
  const login: LoginServer = {
    origin,
    provider,
    verifier: createIdTokenVerifier({
      keys: createProviderKeys({ [provider.issuer]: provider.jwks }),
      clock: { now: Date.now },
      rules: { judgeIdToken, humanOf },
    }),
    providers,
    telemetry,
    ended,
    failEndings: false,
    forgetTries: async () => {
      await database.query('delete from human_attempts')
      aheadMs += budgetWindowMs
    },
    advance: milliseconds => {
      aheadMs += milliseconds
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
