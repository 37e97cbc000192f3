import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { makeSessionId, parseAgentId, uuidV7 } from '@cordon/foundation'
import {
  coreMigrations,
  createDatabaseSessionStore,
  type Database,
  type HeldSession,
  type NewSession,
  openDatabase,
  type SessionStore,
} from '@cordon/identity/store'
import { openWorkplace, startPostgres } from '@cordon/infra'

// One suite for both databases: what holds on one of them only would be found out by whoever changes from it to the other.

const now = 1_800_000_000_000
const minuteMs = 60_000
const limits = { now, idleMs: 10 * minuteMs, renewalGraceMs: 2 * minuteMs, watchedSince: 0 }

/** Opens the same database again and again. */
type Opening = () => Promise<Database>

const embedded = async (t: TestContext): Promise<Opening> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-test-store-'))
  t.after(async () => rm(folder, { recursive: true }))
  return async () =>
    openDatabase({
      location: { kind: 'embedded', folder: join(folder, 'data') },
      migrations: coreMigrations,
      onLost: () => undefined,
    })
}

const server = async (t: TestContext): Promise<Opening> => {
  const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
  t.after(async () => workplace.close())
  const { connectionString, kind } = await startPostgres(workplace)
  t.diagnostic(kind)
  return async () =>
    openDatabase({
      location: { kind: 'server', connectionString },
      migrations: coreMigrations,
      onLost: () => undefined,
    })
}

const held = (over: Partial<HeldSession> = {}): HeldSession => ({
  sessionId: makeSessionId(0, uuidV7(now)),
  human: 'alice',
  agentId: parseAgentId('agent-7'),
  platform: 'desk',
  role: 'analyst',
  clearance: 2,
  tools: ['files/read_file', `it's "odd" \\ {}`],
  holder: 'thumbprint',
  transactionId: 'work',
  conversationId: null,
  basis: {
    kind: 'human',
    issuer: 'https://login.example',
    client: 'cordon-connect',
    claims: { iss: 'https://login.example', sub: 'alice', iat: now / 1000, exp: now / 1000 + 600 },
  },
  grantId: null,
  vouchedBy: { kind: 'provider', name: 'https://login.example' },
  humanSession: 's-1',
  authenticatedAt: now - 1000,
  acr: '1',
  agent: null,
  ancestors: [],
  openedAt: now,
  endsAt: now + 60 * minuteMs,
  ...over,
})

const fresh = (session: HeldSession = held(), digest: Uint8Array = randomBytes(32)): NewSession => ({
  session,
  refreshDigest: randomBytes(32),
  tokensUntil: now + 5 * minuteMs,
  proofs: [{ digest, expiresAt: now + 2 * minuteMs }],
  limits: { sessionsPerHuman: 200, sessionsPerAgent: 200 },
})

const dueReasons = async (store: SessionStore, later: number): Promise<readonly string[]> =>
  (await store.due({ ...limits, now: now + later })).map(({ reason }) => reason).toSorted()

const suite = async (open: Opening): Promise<void> => {
  // Two that start at once take turns at the schema.
  const first = await open()
  let store = createDatabaseSessionStore(first)

  const sessions = Array.from({ length: 100 }, () => fresh())
  const places = await Promise.all(sessions.map(async session => store.add(session)))
  assert.equal(new Set(places).size, 100)
  assert.ok(places.every(place => typeof place === 'number'))

  const one = sessions[0]!
  const stored = await store.findByRefreshToken(one.refreshDigest)
  assert.deepEqual(stored, { session: one.session, statusIndex: places[0], ended: false })
  assert.equal(await store.findByRefreshToken(randomBytes(32)), undefined)

  const digest = randomBytes(32)
  const raced = await Promise.all([store.add(fresh(held(), digest)), store.add(fresh(held(), digest))])
  assert.deepEqual(raced.filter(place => place === 'PROOF_REPLAYED').length, 1)
  const { sessionId } = one.session
  const renew = async (proof: Uint8Array) =>
    store.renew({ sessionId, tokensUntil: now + 9 * minuteMs, proofs: [{ digest: proof, expiresAt: now }] })
  assert.equal(await renew(digest), 'PROOF_REPLAYED')
  assert.equal(await renew(randomBytes(32)), 'renewed')

  const child = fresh(held({ ancestors: [sessionId], humanSession: null, human: 'bob' }))
  assert.equal(typeof (await store.add(child)), 'number')
  assert.deepEqual(await store.delegated(), [
    {
      sessionId: child.session.sessionId,
      human: 'bob',
      agentId: 'agent-7',
      platform: 'desk',
      ancestors: [sessionId],
      grantId: null,
      agent: { actor: null },
    },
  ])

  assert.deepEqual(await dueReasons(store, 7 * minuteMs - 1), [])
  assert.deepEqual(new Set(await dueReasons(store, 7 * minuteMs)), new Set(['not-renewed']))
  assert.ok(
    !(await store.due({ ...limits, now: now + 7 * minuteMs })).some(each => each.sessionId === sessionId),
  )

  await store.logOut({
    provider: 'https://login.example',
    eventId: 'e-1',
    human: null,
    humanSession: 's-1',
    revokedAt: now,
  })
  assert.equal(await store.add(fresh()), 'HUMAN_LOGGED_OUT')
  assert.equal(typeof (await store.add(fresh(held({ humanSession: 's-2' })))), 'number')
  assert.deepEqual(
    await dueReasons(store, 0),
    Array.from({ length: 101 }, () => 'logged-out'),
  )

  await store.end([{ sessionId, reason: 'closed', endedAt: now }])
  await store.end([{ sessionId, reason: 'expired', endedAt: now + 1 }])
  assert.deepEqual(await store.unrecordedEnds(), [{ sessionId, reason: 'closed', endedAt: now }])
  assert.equal(await renew(randomBytes(32)), 'SESSION_ENDED')
  assert.ok((await dueReasons(store, 0)).includes('parent-ended'))
  await store.endRecorded([sessionId])
  assert.deepEqual(await store.unrecordedEnds(), [])

  await first.close()
  const second = await open()
  store = createDatabaseSessionStore(second)
  assert.deepEqual(await store.find(sessionId), { session: one.session, statusIndex: places[0], ended: true })
  assert.equal(await store.add(fresh(held({ humanSession: 's-3' }), digest)), 'PROOF_REPLAYED')
  await store.purge(now + 2 * minuteMs)
  assert.equal(typeof (await store.add(fresh(held({ humanSession: 's-3' }), digest))), 'number')
  const statuses = await store.statuses(places[0] as number, (places[0] as number) + 1)
  assert.deepEqual(
    statuses.map(each => each.session.sessionId),
    [sessionId],
  )
  await second.close()
}

test('sessions in the embedded database', async t => suite(await embedded(t)))

test('sessions in a PostgreSQL server', async t => suite(await server(t)))

test('two identities that start on one server at once make its schema once', async t => {
  const open = await server(t)
  const databases = await Promise.all([open(), open(), open()])
  await Promise.all(databases.map(async database => database.close()))
})

test('a second process is kept out of the embedded database', async t => {
  const open = await embedded(t)
  const database = await open()
  // Waits for the first, and would ruin its files if it did not.
  const second = open()
  await database.close()
  await (await second).close()
})

test('a server that goes away is a fault that may be tried again, with no word of what was asked', async t => {
  const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
  t.after(async () => workplace.close())
  const postgres = await startPostgres(workplace)
  const database = await openDatabase({
    location: { kind: 'server', connectionString: postgres.connectionString },
    migrations: coreMigrations,
    onLost: () => undefined,
  })
  t.after(async () => database.close())
  await postgres.process.stop()
  await assert.rejects(database.query('select $1::text', ['a secret value']), (error: Error) => {
    assert.equal('retryable' in error && error.retryable, true)
    assert.doesNotMatch(`${error.message} ${JSON.stringify(error)}`, /secret value/)
    return true
  })
})
