import { uuidV7 } from '@cordon/foundation'
import { createTelemetry } from '@cordon/telemetry'

import { openDatabase } from './adapters/database/open-database.ts'
import { humanMigrations } from './adapters/humans/human-migrations.ts'
import { type HttpServer, openHttpServer } from './adapters/http-server.ts'
import { createSecretCheck } from './adapters/operator-secret.ts'
import { createOperatorRoutes } from './adapters/operator-routes.ts'
import { refreshSecrets } from './adapters/refresh-secrets.ts'
import { openKillSwitch } from './adapters/revocations/kill-switch.ts'
import { createRoutes } from './adapters/routes.ts'
import { createStatusLists } from './adapters/status-lists.ts'
import { coreMigrations } from './adapters/store/migrations.ts'
import { createTokenRoutes } from './adapters/token-routes.ts'
import { isRevocationScope, revocationTarget } from './core/revocation-target.ts'
import { sessionsPerStatusList } from './core/session-tokens.ts'
import { createSessions, type Sessions } from './core/sessions.ts'
import { statusOf } from './core/status-of.ts'
import { createEvents } from './events.ts'
import {
  createIdentityFixture,
  fixtureFingerprint,
  fixtureSealingKey,
  type IdentityFixture,
  issuer,
} from './identity-fixture.ts'
import { createHumanEvents } from './oidc/human-events.ts'
import { openHumans } from './open-humans.ts'
import type { Database } from './ports/database.ts'

export type { IdentityFixture } from './identity-fixture.ts'
export { bundleOf, bundleText, codeDigest, issuer, minuteMs, provider } from './identity-fixture.ts'
export type { Database } from './ports/database.ts'

/** What operators show. */
export const operatorSecret = 'the-secret-of-the-operators'

/** Identity as everybody outside reaches it: its HTTP on loopback, humans by ID tokens of the bundle's providers. */
export interface IdentityFront {
  readonly identity: IdentityFixture
  readonly sessions: Sessions
  readonly url: string
  /** What engines read: the last statement of each scope. */
  readonly statements: ReadonlyMap<string, string>
  close(): Promise<void>
}

/** With all its tables. Making it takes seconds: tests share one. */
export const openFrontDatabase = async (): Promise<Database> =>
  openDatabase({
    location: { kind: 'memory' },
    migrations: [...coreMigrations, ...humanMigrations],
    onLost: () => undefined,
  })

/** @param database from `openFrontDatabase`; it is emptied */
export const openIdentityFront = async (database: Database): Promise<IdentityFront> => {
  await database.query('delete from security_events_taken')
  const identity = await createIdentityFixture(database)
  const { clock, keys, scorer, store } = identity
  const telemetry = createTelemetry({
    service: 'identity',
    logLevel: 'info',
    destination: { write: () => undefined },
  })
  const events = createEvents(telemetry, () => 0)
  const statements = new Map<string, string>()
  const key = () => keys.current()
  const killSwitch = await openKillSwitch({
    database,
    clock,
    issuer,
    key,
    log: {
      readAll: () => Promise.resolve(new Map()),
      publish: ({ scope, statement }) => Promise.resolve(statements.set(scope, statement).has(scope)),
    },
  })
  const bundles = { current: () => identity.bundle }
  const humans = await openHumans({
    issuer,
    humansFile: undefined,
    database,
    sealingKey: fixtureSealingKey,
    clock,
    bundles,
    events: createHumanEvents(telemetry),
    logOut: async event => sessions.logOut(event),
  })
  const sessions = createSessions(
    {
      clock,
      bundles,
      log: scorer.log,
      decisions: scorer.decisions,
      store,
      humans: {
        verify: async (text, providers) => humans.tokens.verify(text, providers),
        isSignedIn: async human => !identity.signedOut.has(human.human) && humans.tokens.isSignedIn(human),
      },
      signer: keys,
      revocations: killSwitch,
      secrets: refreshSecrets,
      newUuid: uuidV7,
      fingerprint: fixtureFingerprint,
      issuer,
      tokenUrl: `${issuer}/token`,
      revokeUrl: `${issuer}/revoke`,
    },
    { openingTimeoutMs: 1_000, limits: identity.limits },
  )
  const server: HttpServer = await openHttpServer({
    host: '127.0.0.1',
    port: 0,
    answer: createRoutes({
      issuer,
      keys,
      tokens: createTokenRoutes({ sessions, events, now: () => clock.now() }),
      operators: createOperatorRoutes({
        killSwitch,
        keys,
        isSecretShown: createSecretCheck(operatorSecret),
        events,
        targetOf: async scope => revocationTarget(scope, bundles.current(), store),
        rules: { isRevocationScope },
      }),
      statusLists: createStatusLists({
        store,
        decisions: scorer.decisions,
        revocations: killSwitch,
        clock,
        issuer,
        key,
        rules: { statusOf, sessionsPerStatusList },
      }),
      securityEvent: humans.securityEvent,
    }),
    events,
  })
  return {
    identity,
    sessions,
    url: `http://127.0.0.1:${server.port}`,
    statements,
    close: async () => {
      await server.close()
      await humans.close()
    },
  }
}
