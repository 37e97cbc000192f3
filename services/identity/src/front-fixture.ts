import { createTelemetry } from '@cordon/telemetry'

import { openDatabase } from './adapters/database/open-database.ts'
import type { Sessions } from './core/sessions.ts'
import { createEvents } from './events.ts'
import { identityMigrations, openIdentity } from './identity.ts'
import { operatorSecret } from './http-fixture.ts'
import {
  createIdentityFixture,
  fixtureFingerprint,
  fixtureRequestWording,
  fixtureSealingKey,
  type IdentityFixture,
  issuer,
} from './identity-fixture.ts'
import { createHumanEvents } from './oidc/human-events.ts'
import type { Database } from './ports/database.ts'

export { operatorSecret } from './http-fixture.ts'
export { type IdentityFixture, issuer } from './identity-fixture.ts'
export { bundleOf, bundleText, codeDigest, minuteMs, provider } from './bundle-fixture.ts'
export type { Database } from './ports/database.ts'

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
    migrations: identityMigrations,
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
  const statements = new Map<string, string>()
  const opened = await openIdentity(
    {
      clock,
      bundles: { current: () => identity.bundle },
      database,
      store,
      keys,
      sessionLog: scorer.log,
      revocationLog: {
        readAll: () => Promise.resolve(new Map()),
        publish: ({ scope, statement }) => Promise.resolve(statements.set(scope, statement).has(scope)),
      },
      decisions: scorer.decisions,
      fingerprint: fixtureFingerprint,
      requestWording: fixtureRequestWording,
      events: createEvents(telemetry, () => 0),
      humanEvents: createHumanEvents(telemetry),
      sealingKey: fixtureSealingKey,
      humansOf: tokens => ({
        verify: async (text, providers) => tokens.verify(text, providers),
        isSignedIn: async human => !identity.signedOut.has(human.human) && tokens.isSignedIn(human),
      }),
    },
    { issuer, humansFile: undefined, operatorSecret, openingTimeoutMs: 1_000, limits: identity.limits },
  )
  const server = await opened.serve('127.0.0.1', 0)
  return {
    identity,
    sessions: opened.sessions,
    url: `http://127.0.0.1:${server.port}`,
    statements,
    close: async () => {
      await server.close()
      await opened.close()
    },
  }
}
