import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'

import { type AuthorizeReply, createEngineClient } from '@cordon/engine-socket'
import { outcomeOf } from '@cordon/engine-socket/fixtures/outcome'
import type { SessionId } from '@cordon/foundation'

import { eventually } from '../support/eventually.ts'
import type { EngineWorld } from './engine-world.ts'
import { openEngineWorld } from './engine-world.ts'

describe('an engine on the real broker', () => {
  let world: EngineWorld
  const closers: (() => Promise<void>)[] = []
  before(async () => {
    world = await openEngineWorld({ after: close => closers.push(close) })
  })
  after(async () => {
    for (const close of closers.reverse()) await close()
  })

  const call = async (sessionId: SessionId, tool: string, server = 'files'): Promise<AuthorizeReply> =>
    world.client.authorize({
      token: await world.tokenOf(sessionId),
      server,
      tool,
      arguments: { path: '/data/a' },
    })

  const eventsOf = (sessionId: SessionId): string[] =>
    world.scorer.events
      .filter(({ value }) => 'sessionId' in value && value.sessionId === sessionId)
      .map(({ name, value }) => ('reason' in value ? `${name} ${value.reason}` : name))

  test('is ready once it holds decisions and keys', async () => {
    await eventually('readiness', async () => (await fetch(`${world.engine.operationsUrl}/readyz`)).ok)
  })

  test('is not ready while identity has not taken its call keys: tool servers could not know them', async t => {
    const folder = await mkdtemp(join(tmpdir(), 'cordon-second-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    const second = await world.startSecondEngine({
      CORDON_ENGINE_SOCKET: join(folder, 'engine.sock'),
      CORDON_SPOOL_DIR: join(folder, 'spool'),
      // Nobody listens there.
      CORDON_ENGINE_KEYS_URL: 'http://127.0.0.1:9/engines/keys',
    })
    t.after(() => second.stop('SIGTERM'))
    const ready = async (): Promise<unknown> => (await fetch(`${second.operationsUrl}/readyz`)).json()
    const expected = { ready: false, reasons: ['identity has not taken its call keys yet'] }
    await eventually('nothing else to wait for', async () => isDeepStrictEqual(await ready(), expected))
    const { keys } = (await (await fetch(`${second.operationsUrl}/.well-known/jwks.json`)).json()) as {
      readonly keys: readonly unknown[]
    }
    assert.equal(keys.length, 1)
    const failed = 'cordon_engine_call_key_announcements_total{outcome="failed"}'
    const metrics = await (await fetch(`${second.operationsUrl}/metrics`)).text()
    assert.match(metrics, new RegExp(`${failed.replace('{', '\\{')} [1-9]`))
  })

  test('denies a session that was never opened, and a token for another server', async () => {
    const sessionId = world.newSession()
    assert.equal((await call(sessionId, 'read_file')).refusal?.reason, 'SESSION_UNKNOWN')
    assert.equal((await call(sessionId, 'read_file', 'mail')).refusal?.reason, 'TOKEN_AUDIENCE')
    assert.deepEqual(eventsOf(sessionId), [])
  })

  test('puts a sensitive call on record before it may be forwarded, and its outcome after', async () => {
    const sessionId = await world.openSession()
    const { verdict, invocationId } = await call(sessionId, 'write_file')
    assert.equal(verdict, 'forward')
    world.client.report({
      ...outcomeOf(invocationId!),
      resultBytes: 3,
      entities: [{ kind: 'email', value: 'eve@evil.example' }],
    })
    await eventually('the outcome on record', () => eventsOf(sessionId).includes('InvocationCompleted'))
    const names = eventsOf(sessionId)
    assert.equal(names.at(-1), 'InvocationCompleted')
    assert.ok(names.slice(0, -1).every(name => name === 'InvocationAttempted'))
    const sequences = world.scorer.events.flatMap(({ name, value }) =>
      name === 'InvocationAttempted' && value.sessionId === sessionId ? [value.sequence] : [],
    )
    assert.deepEqual(
      sequences,
      sequences.map((_, index) => index),
    )
  })

  test('a gated call waits for the scorer’s verdict on itself', async () => {
    const sessionId = await world.openSession()
    world.scorer.judge = () => 'forward'
    assert.equal((await call(sessionId, 'send_mail')).verdict, 'forward')
    world.scorer.judge = () => 'deny'
    assert.equal((await call(sessionId, 'send_mail')).refusal?.reason, 'GATE_REFUSED')
    world.scorer.judge = () => undefined
    assert.equal((await call(sessionId, 'send_mail')).refusal?.reason, 'GATE_TIMEOUT')
    await eventually('the denials on record', () =>
      eventsOf(sessionId).includes('InvocationDenied GATE_TIMEOUT'),
    )
  })

  test('tells enforcement points at once that a session was suspended or ended, and of nothing else', async t => {
    const told: (SessionId | undefined)[] = []
    const following = createEngineClient({
      socketPath: world.socketPath,
      onChanged: changed => told.push(changed),
    })
    t.after(() => following.close())
    await eventually('a connection', () => following.connected)
    const [going, suspended, ended] = [world.newSession(), world.newSession(), world.newSession()]
    await following.vouch({ token: await world.tokenOf(going), server: 'files' })
    await world.scorer.decide(going, 'trusted', 0)
    await world.scorer.decide(going, 'read_only', 1)
    await world.scorer.decide(suspended, 'suspended', 0)
    await world.scorer.decide(ended, 'ended', 0)
    await eventually('both to be told', () => told.length >= 2)
    assert.deepEqual(new Set(told), new Set([suspended, ended]))
  })

  test('a suspension blocks the next call, and the log says how long it took', async () => {
    const sessionId = await world.openSession()
    const { invocationId } = await call(sessionId, 'write_file')
    await world.scorer.decide(sessionId, 'suspended', 5, invocationId)
    let blocked: AuthorizeReply | undefined
    await eventually('the block', async () => {
      blocked = await call(sessionId, 'read_file')
      return blocked.verdict === 'deny'
    })
    assert.equal(blocked?.refusal?.reason, 'SESSION_SUSPENDED')
    // Older than what is held: a repetition after a crash of the scorer.
    await world.scorer.decide(sessionId, 'trusted', 4)
    assert.equal((await call(sessionId, 'read_file')).refusal?.reason, 'SESSION_SUSPENDED')

    const isLine = (line: Readonly<Record<string, unknown>>): boolean =>
      line['msg'] === 'call refused by standing' && line['invocationId'] === blocked?.invocationId
    await eventually('the log line', () => world.engine.log.some(isLine))
    const line = world.engine.log.find(isLine)
    assert.equal(line?.['causedBy'], invocationId)
    for (const field of ['ageMs', 'callToDecisionMs', 'decisionToBlockMs'])
      assert.equal(typeof line?.[field], 'number')
    const metrics = await (await fetch(`${world.engine.operationsUrl}/metrics`)).text()
    assert.match(metrics, /cordon_engine_decision_to_block_seconds_count [1-9]/)
    assert.match(metrics, /cordon_engine_calls_refused_total\{reason="SESSION_SUSPENDED"\} [1-9]/)
  })

  test('without a living scorer what is sensitive is denied', async () => {
    const sessionId = await world.openSession()
    world.scorer.stopBeating()
    await eventually('staleness', async () => (await call(sessionId, 'write_file')).verdict === 'deny')
    assert.equal((await call(sessionId, 'write_file')).refusal?.reason, 'SESSION_STALE')
    assert.equal((await call(sessionId, 'read_file')).verdict, 'forward')
  })

  test('a healthy life logs no warning or error, and standard input’s end is its end', async () => {
    // A gate that times out and an older decision that comes again are what tests above do.
    const meant = new Set<unknown>(['gate timed out', 'decision refused'])
    const complaints = world.engine.log.filter(
      ({ level, msg }) => (level === 'warn' || level === 'error') && !meant.has(msg),
    )
    assert.deepEqual(complaints, [])
    assert.equal(await world.engine.stop('stdin'), 0)
  })
})
