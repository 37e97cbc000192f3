import { type Clock, uuidV7 } from '@cordon/foundation'
import type { BundleSource } from '@cordon/policy'

import { type EngineKeyBook, openEngineKeyBook } from './adapters/engine-keys/engine-key-book.ts'
import { humanMigrations } from './adapters/humans/human-migrations.ts'
import { type HttpServer, openHttpServer } from './adapters/http-server.ts'
import type { KeyRing } from './adapters/keys/key-ring.ts'
import { createSecretCheck } from './adapters/operator-secret.ts'
import { createOperatorRoutes } from './adapters/operator-routes.ts'
import { refreshSecrets } from './adapters/refresh-secrets.ts'
import { type KillSwitch, openKillSwitch } from './adapters/revocations/kill-switch.ts'
import type { RevocationLog } from './adapters/revocations/revocation-log.ts'
import { createRoutes } from './adapters/routes.ts'
import { createSessionList } from './adapters/session-list.ts'
import { createStatusLists } from './adapters/status-lists.ts'
import { coreMigrations } from './adapters/store/migrations.ts'
import { createTokenRoutes } from './adapters/token-routes.ts'
import type { ExchangeLimits } from './core/exchange-limits.ts'
import { keptTextFault } from './core/kept-values.ts'
import { isRevocationScope, revocationTarget } from './core/revocation-target.ts'
import { sessionEntry } from './core/session-entry.ts'
import { sessionsPerStatusList } from './core/session-tokens.ts'
import { createSessions, type Sessions } from './core/sessions.ts'
import type { SessionsPorts } from './core/sessions-ports.ts'
import { statusOf } from './core/status-of.ts'
import type { IdentityEvents } from './events.ts'
import type { HumanEvents } from './oidc/human-events.ts'
import { openHumans } from './open-humans.ts'
import type { HumanTokens, SessionDecisions, SessionLog } from './ports.ts'
import type { Database, Migration } from './ports/database.ts'
import type { SessionStore } from './ports/session-store.ts'

/** All tables that identity needs. */
export const identityMigrations: readonly Migration[] = [...coreMigrations, ...humanMigrations]

/** What it stands on: in the service Kafka and a database on disk, in tests neither. */
export interface IdentityAdapters {
  readonly clock: Clock
  readonly bundles: BundleSource
  readonly database: Database
  readonly store: SessionStore
  readonly keys: KeyRing
  readonly sessionLog: SessionLog
  readonly revocationLog: RevocationLog
  readonly decisions: SessionDecisions
  readonly fingerprint: SessionsPorts['fingerprint']
  readonly requestWording: SessionsPorts['requestWording']
  readonly events: IdentityEvents
  readonly humanEvents: HumanEvents
  /** 32 bytes: seals what the embedded provider keeps. */
  readonly sealingKey: Buffer
  /** What stands between identity and the providers, for tests. */
  readonly humansOf?: (humans: HumanTokens) => HumanTokens
}

export interface IdentityOptions {
  readonly issuer: string
  /** `undefined`: no embedded provider. */
  readonly humansFile: string | undefined
  readonly operatorSecret: string
  readonly openingTimeoutMs: number
  readonly limits: ExchangeLimits
}

/** Identity, before anybody reaches it. */
export interface Identity {
  readonly sessions: Sessions
  readonly killSwitch: KillSwitch
  readonly engineKeys: EngineKeyBook
  /** Rejects when the port is taken. */
  serve(host: string, port: number): Promise<HttpServer>
  close(): Promise<void>
}

export const openIdentity = async (
  adapters: IdentityAdapters,
  options: IdentityOptions,
): Promise<Identity> => {
  const { clock, bundles, database, store, keys, decisions, events } = adapters
  const { issuer } = options
  const key = () => keys.current()
  const killSwitch = await openKillSwitch({ database, log: adapters.revocationLog, clock, issuer, key })
  const engineKeys = await openEngineKeyBook({ database, bundles, clock, issuer })
  const humans = await openHumans({
    issuer,
    humansFile: options.humansFile,
    database,
    sealingKey: adapters.sealingKey,
    clock,
    bundles,
    events: adapters.humanEvents,
    logOut: async event => sessions.logOut(event),
  })
  const sessions = createSessions(
    {
      clock,
      bundles,
      log: adapters.sessionLog,
      decisions,
      store,
      humans: adapters.humansOf?.(humans.tokens) ?? humans.tokens,
      signer: keys,
      revocations: killSwitch,
      secrets: refreshSecrets,
      newUuid: uuidV7,
      fingerprint: adapters.fingerprint,
      requestWording: adapters.requestWording,
      issuer,
      tokenUrl: `${issuer}/token`,
      revokeUrl: `${issuer}/revoke`,
    },
    options,
  )
  const answer = createRoutes({
    issuer,
    keys,
    engineKeys,
    tokens: createTokenRoutes({ sessions, events, now: () => clock.now() }),
    operators: createOperatorRoutes({
      killSwitch,
      keys,
      isSecretShown: createSecretCheck(options.operatorSecret),
      events,
      targetOf: async scope => revocationTarget(scope, bundles.current(), store),
      sessions: createSessionList({ store, decisions, revocations: killSwitch, rules: { sessionEntry } }),
      rules: { isRevocationScope, keptTextFault },
    }),
    statusLists: createStatusLists({
      store,
      decisions,
      revocations: killSwitch,
      clock,
      issuer,
      key,
      rules: { statusOf, sessionsPerStatusList },
    }),
    securityEvent: humans.securityEvent,
  })
  const below = humans.pages === undefined ? {} : { below: humans.pages }
  return {
    sessions,
    killSwitch,
    engineKeys,
    serve: async (host, port) => openHttpServer({ host, port, answer, ...below, events }),
    close: async () => humans.close(),
  }
}
