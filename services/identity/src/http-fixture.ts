import { createTelemetry } from '@cordon/telemetry'
import type { HolderKey } from '@cordon/tokens'

import { databaseFault } from './adapters/database/database-fault.ts'
import { openEngineKeyBook } from './adapters/engine-keys/engine-key-book.ts'
import { openHttpServer } from './adapters/http-server.ts'
import { createOperatorRoutes } from './adapters/operator-routes.ts'
import { createSecretCheck } from './adapters/operator-secret.ts'
import { openKillSwitch } from './adapters/revocations/kill-switch.ts'
import { createRoutes } from './adapters/routes.ts'
import { createSessionList } from './adapters/session-list.ts'
import { createStatusLists } from './adapters/status-lists.ts'
import { createTokenRoutes } from './adapters/token-routes.ts'
import { keptTextFault } from './core/kept-values.ts'
import { isRevocationScope, revocationTarget } from './core/revocation-target.ts'
import { sessionEntry } from './core/session-entry.ts'
import { sessionsPerStatusList } from './core/session-tokens.ts'
import { statusOf } from './core/status-of.ts'
import { createEvents } from './events.ts'
import {
  createIdentityFixture,
  type IdentityFixture,
  issuer,
  openFixtureDatabase,
} from './identity-fixture.ts'

/** What operators show. */
export const operatorSecret = 'the-secret-of-the-operators'
export const formType = 'application/x-www-form-urlencoded'

export interface Answered {
  readonly status: number
  readonly headers: Headers
  /** Of what is no JSON: `{ text }`. */
  readonly body: Readonly<Record<string, unknown>>
}

/** Identity's HTTP on loopback, over the fixture, without a provider. */
export interface HttpFixture {
  readonly identity: IdentityFixture
  readonly port: number
  /** Whether the broker takes revocations. */
  isTopicUp: boolean
  /** Whether open sessions can be counted. */
  isStoreUp: boolean
  ask(method: string, path: string, options?: RequestInit): Promise<Answered>
  /** With a proof of the key. */
  post(
    path: string,
    key: HolderKey,
    form: Readonly<Record<string, string>> | string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answered>
  /** An exchange that is granted. */
  exchangeForm(key: HolderKey): Record<string, string>
  /** As Prometheus reads them. */
  metrics(): Promise<string>
  /** @param series a metric with its labels */
  counted(series: string): Promise<number>
  close(): Promise<void>
}

export const openHttpFixture = async (): Promise<HttpFixture> => {
  const database = await openFixtureDatabase()
  const identity = await createIdentityFixture(database)
  const telemetry = createTelemetry({
    service: 'identity',
    logLevel: 'info',
    destination: { write: () => undefined },
  })
  const { sessions, keys, clock, store, scorer } = identity
  const events = createEvents(telemetry, () => 0)
  const killSwitch = await openKillSwitch({
    database,
    clock,
    issuer,
    key: () => keys.current(),
    log: { readAll: () => Promise.resolve(new Map()), publish: () => Promise.resolve(fixture.isTopicUp) },
  })
  const server = await openHttpServer({
    host: '127.0.0.1',
    port: 0,
    answer: createRoutes({
      issuer,
      keys,
      engineKeys: await openEngineKeyBook({
        database,
        bundles: { current: () => identity.bundle },
        clock,
        issuer,
      }),
      tokens: createTokenRoutes({ sessions, events, now: () => clock.now() }),
      operators: createOperatorRoutes({
        killSwitch,
        keys,
        isSecretShown: createSecretCheck(operatorSecret),
        events,
        targetOf: async scope => {
          if (!fixture.isStoreUp) throw databaseFault(undefined, false)
          return revocationTarget(scope, identity.bundle, store)
        },
        sessions: createSessionList({
          store,
          decisions: scorer.decisions,
          revocations: killSwitch,
          rules: { sessionEntry },
        }),
        rules: { isRevocationScope, keptTextFault },
      }),
      statusLists: createStatusLists({
        store,
        decisions: scorer.decisions,
        revocations: killSwitch,
        clock,
        issuer,
        key: () => keys.current(),
        rules: { statusOf, sessionsPerStatusList },
      }),
      securityEvent: () => Promise.resolve({ status: 202 }),
    }),
    below: { path: '/oidc', handler: (_request, response) => response.end('a page') },
    events,
  })
  const fixture: HttpFixture = {
    identity,
    port: server.port,
    isTopicUp: true,
    isStoreUp: true,
    async ask(method, path, options = {}) {
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method, ...options })
      const text = await response.text()
      const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text }
      return { status: response.status, headers: response.headers, body }
    },
    post: async (path, key, form, headers = {}) =>
      fixture.ask('POST', path, {
        headers: {
          'content-type': formType,
          dpop: identity.prove(key, { url: `${issuer}${path}` }),
          ...headers,
        },
        body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
      }),
    exchangeForm: key => ({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 'token of alice',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      actor_token: identity.attest(key),
      actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      resource: 'urn:cordon:server:files',
      authorization_details: JSON.stringify([{ type: 'mcp_tool', identifier: 'files/read_file' }]),
    }),
    metrics: async () => telemetry.metrics(),
    async counted(series) {
      const line = (await telemetry.metrics()).split('\n').find(each => each.startsWith(`${series} `))
      return Number(line?.slice(series.length) ?? 0)
    },
    async close() {
      await server.close()
      await database.close()
    },
  }
  return fixture
}
