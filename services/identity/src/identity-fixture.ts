import { createSecretKey, randomUUID } from 'node:crypto'

import { issueAutomationGrant, issueClientAttestation } from '@cordon/attestation'
import { fingerprint, scatteredRequestWording } from '@cordon/extraction'
import { type AgentId, type Clock, parseAgentId, uuidV7 } from '@cordon/foundation'
import type { Bundle } from '@cordon/policy'
import type { EntityKind } from '@cordon/schemas'
import { generateHolderKey, type HolderKey, signRequestProof } from '@cordon/tokens'

import { openDatabase } from './adapters/database/open-database.ts'
import { openKeyRing, type KeyRing } from './adapters/keys/key-ring.ts'
import { refreshSecrets } from './adapters/refresh-secrets.ts'
import { createDatabaseSessionStore } from './adapters/store/database-session-store.ts'
import { coreMigrations } from './adapters/store/migrations.ts'
import type { ExchangeLimits } from './core/exchange-limits.ts'
import type { ExchangeRequest, RenewalRequest } from './core/exchange-request.ts'
import type { OpenedSession } from './core/exchange.ts'
import type { IdTokenClaims } from './core/humans/human-of.ts'
import { granted, refused } from './core/refusal.ts'
import { basisOfHuman } from './core/subject-basis.ts'
import { isRotationDue, keyLeadMs, planKeys } from './core/key-plan.ts'
import { createSessions, type Sessions } from './core/sessions.ts'
import {
  attester,
  bundleOf,
  codeDigest,
  directClient,
  minuteMs,
  provider,
  sponsor,
} from './bundle-fixture.ts'
import { createScorer, type FakeScorer } from './scorer-fixture.ts'
import type { HumanTokens } from './ports.ts'
import type { Database } from './ports/database.ts'
import type { SessionStore } from './ports/session-store.ts'

// Identity for tests: a real database in memory, a scorer that says what it is told to, keys of everybody who signs.

export const issuer = 'https://identity.example'
export const fixtureSealingKey: Buffer = Buffer.alloc(32, 7)

/** Under a key of its own, as engines of the same deployment would have it. */
export const fixtureFingerprint = (kind: EntityKind, value: string): number =>
  fingerprint(createSecretKey(Buffer.alloc(32, 3)), kind, value)

export const fixtureRequestWording: (request: string) => Buffer = scatteredRequestWording(
  createSecretKey(Buffer.alloc(32, 3)),
)

/** Time that moves when it is told to. */
export interface ManualClock extends Clock {
  advance(milliseconds: number): void
}

export const createClock = (): ManualClock => {
  let now = 1_800_000_000_000
  return {
    now: () => now,
    advance: milliseconds => {
      now += milliseconds
    },
  }
}

/** What an ID token says of a human, for a test. */
export interface FixtureHuman {
  readonly human: string
  readonly role: string
  readonly tools: readonly string[]
  readonly clearance: 0 | 1 | 2 | 3
  readonly humanSession?: string
  readonly agent?: string
  readonly authenticatedAt?: number
  readonly client?: string
}

export interface IdentityFixture {
  readonly database: Database
  readonly sessions: Sessions
  readonly scorer: FakeScorer
  readonly clock: ManualClock
  readonly keys: KeyRing
  readonly store: SessionStore
  readonly revoked: Set<string>
  /** ID token → what it says; a test may add. */
  readonly humans: Map<string, FixtureHuman>
  /** Humans whose session at the provider is gone. */
  readonly signedOut: Set<string>
  bundle: Bundle | undefined
  /** Of the next identity that starts, and of this one as a test changes it. */
  readonly limits: { -readonly [Limit in keyof ExchangeLimits]: number }
  /** What a restarted process would be: the same log, decisions and database, no memory. */
  restart(): Sessions
  attest(key: HolderKey, over?: Partial<AttestationFacts>): string
  grant(over?: Partial<GrantFacts>): string
  prove(key: HolderKey, over?: Partial<ProofFacts>): string
  /** An exchange that is granted unless a test makes it otherwise. */
  request(key: HolderKey, over?: Partial<ExchangeRequest>): ExchangeRequest
  renewal(key: HolderKey, opened: OpenedSession, over?: Partial<RenewalRequest>): RenewalRequest
}

export interface AttestationFacts {
  readonly agentId: AgentId
  readonly platform: string
  readonly codeDigest: string
  readonly attester: string
  readonly holderJwk: HolderKey['publicJwk']
  readonly audience: string
}

export interface GrantFacts {
  readonly tools: readonly string[]
  readonly agentId: AgentId
  readonly expiresAt: number
  readonly grantId: string
  readonly mayDelegate: boolean
}

export interface ProofFacts {
  readonly url: string
  readonly proofId: string
  readonly issuedAt: number
  readonly tokenText: string
}

/** Empty tables; the schema stays. Making a database takes seconds. */
export const openFixtureDatabase = async (): Promise<Database> =>
  openDatabase({ location: { kind: 'memory' }, migrations: coreMigrations, onLost: () => undefined })

/** More than any test asks for that is not about them. */
const noLimits: ExchangeLimits = {
  sessionsPerHuman: 10_000,
  sessionsPerAgent: 10_000,
  exchangesPerHuman: 10_000,
  exchangesPerAgent: 10_000,
}

export const createIdentityFixture = async (
  database: Database,
  partitions = 2,
  limits: ExchangeLimits = noLimits,
): Promise<IdentityFixture> => {
  const tables = ['sessions', 'used_proofs', 'logged_out', 'signing_keys', 'revocations', 'engine_keys']
  for (const table of tables) await database.query(`delete from ${table}`)
  const clock = createClock()
  const scorer = createScorer(partitions)
  const keys = await openKeyRing({
    database,
    clock,
    issuer,
    sealingKey: fixtureSealingKey,
    maxAgeMs: 7 * 24 * 60 * minuteMs,
    rules: { planKeys, isRotationDue, keyLeadMs },
  })
  const store = createDatabaseSessionStore(database)
  const revoked = new Set<string>()
  const signedOut = new Set<string>()
  const alice: FixtureHuman = {
    human: 'alice',
    role: 'analyst',
    tools: ['files/*', 'postgres/query'],
    clearance: 2,
    humanSession: 's-1',
  }
  const humans = new Map<string, FixtureHuman>([
    ['token of alice', alice],
    ['token of alice without an agent', { ...alice, client: directClient }],
  ])
  const fixture: IdentityFixture = {
    database,
    scorer,
    clock,
    keys,
    store,
    revoked,
    humans,
    signedOut,
    bundle: bundleOf(),
    limits: { ...limits },
    sessions: undefined as unknown as Sessions,
    restart: () =>
      createSessions(
        {
          clock,
          bundles: { current: () => fixture.bundle },
          log: scorer.log,
          decisions: scorer.decisions,
          store,
          humans: humanTokens(humans, signedOut, clock),
          signer: keys,
          revocations: { active: () => revoked },
          secrets: refreshSecrets,
          newUuid: uuidV7,
          fingerprint: fixtureFingerprint,
          requestWording: fixtureRequestWording,
          issuer,
          tokenUrl: `${issuer}/token`,
          revokeUrl: `${issuer}/revoke`,
        },
        { openingTimeoutMs: 50, limits: fixture.limits },
      ),
    attest: (key, over = {}) => {
      const facts = {
        agentId: parseAgentId('agent-7'),
        platform: 'desk',
        codeDigest,
        attester: 'prover',
        holderJwk: key.publicJwk,
        attestationId: randomUUID(),
        issuedAt: clock.now(),
        expiresAt: clock.now() + 10 * minuteMs,
        ...over,
      }
      return issueClientAttestation(facts, over.audience ?? issuer, attester)
    },
    grant: (over = {}) =>
      issueAutomationGrant(
        {
          sponsor: 'operations',
          agentId: parseAgentId('agent-7'),
          tools: ['files/read_file', 'mail/send'],
          grantId: randomUUID(),
          issuedAt: clock.now(),
          expiresAt: clock.now() + 30 * minuteMs,
          ...over,
        },
        issuer,
        sponsor,
      ),
    prove: (key, over = {}) =>
      signRequestProof(key, {
        method: 'POST',
        url: `${issuer}/token`,
        issuedAt: clock.now(),
        proofId: randomUUID(),
        ...over,
      }),
    request: (key, over = {}) => ({
      subject: { kind: 'human', text: 'token of alice' },
      actorToken: fixture.attest(key),
      server: 'files',
      tools: ['files/read_file', 'files/write_file', 'postgres/query'],
      conversationId: null,
      declaredIntent: undefined,
      proof: { holder: fixture.prove(key), parent: undefined },
      ...over,
    }),
    renewal: (key, opened, over = {}) => ({
      refreshToken: opened.refreshToken,
      actorToken: fixture.attest(key, { agentId: opened.session.agentId }),
      server: 'files',
      proof: { holder: fixture.prove(key), parent: undefined },
      ...over,
    }),
  }
  Object.assign(fixture, { sessions: fixture.restart() })
  return fixture
}

const humanTokens = (
  humans: ReadonlyMap<string, FixtureHuman>,
  signedOut: ReadonlySet<string>,
  clock: Clock,
): HumanTokens => ({
  verify: (text, providers) => {
    const found = humans.get(text)
    const policy = providers[provider]
    if (found === undefined || policy === undefined)
      return Promise.resolve(refused('SUBJECT_REFUSED', 'subject_token: another'))
    const claims = claimsOf(found, clock.now())
    return Promise.resolve(granted(basisOfHuman(claims, found.client ?? 'cordon-connect', policy)))
  },
  isSignedIn: ({ human }) => Promise.resolve(!signedOut.has(human)),
})

/** As the bundle of `bundleText` maps them; groups are for bundles of tests that map those. */
const claimsOf = (found: FixtureHuman, now: number): IdTokenClaims => ({
  iss: provider,
  sub: found.human,
  iat: now / 1000,
  exp: now / 1000 + 600,
  auth_time: (found.authenticatedAt ?? now) / 1000,
  acr: '1',
  role: found.role,
  groups: [`${found.role}s`],
  tools: found.tools,
  clearance: String(found.clearance),
  ...(found.humanSession !== undefined && { sid: found.humanSession }),
  ...(found.agent !== undefined && { cordon_agent: found.agent }),
})

export const newKey = (): HolderKey => generateHolderKey()
