import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import type { SessionId } from '@cordon/foundation'

import { eventually } from '../support/eventually.ts'
import type { OwnBroker } from '../support/own-broker.ts'
import { startOwnBroker } from '../support/own-broker.ts'
import type { EngineWorld, EngineWorldOptions } from './engine-world.ts'
import type { ProvingClient } from './proving-client.ts'
import { openEngineWorld } from './engine-world.ts'

const agents = 4

/** Agents that read and write without a pause, until they are stopped. */
const startLoad = async (world: EngineWorld, client: ProvingClient) => {
  /** What was forwarded, in each session's order. */
  const forwarded = new Map<SessionId, string[]>()
  const over = new AbortController()
  const work = async (sessionId: SessionId): Promise<void> => {
    const token = await world.tokenOf(sessionId)
    const ids: string[] = []
    forwarded.set(sessionId, ids)
    for (let count = 0; !over.signal.aborted; count += 1) {
      const tool = count % 5 === 0 ? 'write_file' : 'read_file'
      const reply = await client.authorize({
        token,
        server: 'files',
        tool,
        arguments: { path: `/data/${count}` },
      })
      if (reply.verdict !== 'forward') {
        await sleep(5)
        continue
      }
      ids.push(reply.invocationId!)
      client.report({
        invocationId: reply.invocationId!,
        outcome: 'ok',
        resultBytes: 3,
        resultDigest: '00'.repeat(32),
        entities: [],
        entitiesOverflow: false,
      })
      await sleep(1)
    }
  }
  const sessions = await Promise.all(Array.from({ length: agents }, () => world.openSession()))
  const working = sessions.map(work)
  return {
    forwarded,
    get count() {
      return [...forwarded.values()].reduce((sum, ids) => sum + ids.length, 0)
    },
    stop: async () => {
      over.abort()
      await Promise.all(working)
    },
  }
}

/** Every forwarded call's attempt is on the log, each session's in the order of its calls; and no record stands there twice. */
const assertOnRecord = async (
  world: EngineWorld,
  forwarded: ReadonlyMap<SessionId, readonly string[]>,
): Promise<void> => {
  for (const [sessionId, ids] of forwarded) {
    const attempts = (): string[] =>
      world.scorer.events.flatMap(({ name, value }) =>
        name === 'InvocationAttempted' && value.sessionId === sessionId ? [value.invocationId] : [],
      )
    await eventually('every attempt on the log', () => new Set(attempts()).isSupersetOf(new Set(ids)), 30_000)
    const wanted = new Set(ids)
    assert.deepEqual(
      attempts().filter(id => wanted.has(id)),
      ids,
    )
  }
  const records = world.scorer.events.flatMap(({ name, value }) =>
    'invocationId' in value ? [`${name} ${value.invocationId}`] : [],
  )
  assert.equal(new Set(records).size, records.length, 'none twice')
}

const openWorld = async (context: TestContext): Promise<EngineWorld> => {
  const { world } = await openWorldOn(context, () => Promise.resolve({}))
  return world
}

/** With a broker that the test may end. */
const openWorldOnOwnBroker = (
  context: TestContext,
  engine: Readonly<Record<string, string>> = {},
): Promise<{ readonly world: EngineWorld; readonly broker: OwnBroker }> =>
  openWorldOn(context, async () => {
    const broker = await startOwnBroker(context)
    return { broker, brokers: broker.brokers, engine }
  })

const openWorldOn = async <Base extends EngineWorldOptions>(
  context: TestContext,
  openBase: () => Promise<Base>,
): Promise<Base & { readonly world: EngineWorld }> => {
  const closers: (() => Promise<void>)[] = []
  // Before the broker ends: who waits for it would wait for long.
  context.after(async () => {
    for (const close of closers.reverse()) await close()
  })
  const base = await openBase()
  return { ...base, world: await openEngineWorld({ after: close => closers.push(close) }, base) }
}

/**
 * @fault the engine is killed (`kill -9`) under load
 * @behaviour what it forwarded is on its disk or on the log; the next run publishes the rest: nothing lost, nothing twice, in order
 * @counter cordon_engine_records_recovered_total
 */
test('kill -9 of the engine under load: every forwarded call is on the log, once', async context => {
  const world = await openWorld(context)
  const before = new Map<SessionId, string[]>()
  for (let turn = 0; turn < 3; turn += 1) {
    const load = await startLoad(world, world.client)
    await eventually('some work', () => load.count > 150)
    await world.engine.kill()
    await load.stop()
    await world.restartEngine()
    for (const [sessionId, ids] of load.forwarded) before.set(sessionId, ids)
  }
  await assertOnRecord(world, before)
  assert.ok((await world.counted('cordon_engine_records_recovered_total')) > 0)
  assert.equal(await world.counted('cordon_engine_records_lost_total'), 0)
})

/**
 * @fault the broker is away for long, and the engine is killed meanwhile
 * @behaviour low reads go on and are kept on the disk; all is published when both are back: nothing lost, nothing twice, in order
 * @counter cordon_engine_session_log_pending_records
 */
test('the broker away, the engine killed in between: all of it is on the log, once', async context => {
  const { world, broker } = await openWorldOnOwnBroker(context)
  const load = await startLoad(world, world.client)
  await eventually('some work', () => load.count > 100)
  await broker.end('SIGKILL')
  const atOutage = load.count
  await eventually('work without the broker', () => load.count > atOutage + 300)
  assert.ok((await world.counted('cordon_engine_session_log_pending_records')) > 300)
  await world.engine.kill()
  await load.stop()
  await broker.start()
  await world.restartEngine()
  await assertOnRecord(world, load.forwarded)
  await eventually(
    'an empty spool',
    async () => (await world.counted('cordon_engine_session_log_pending_records')) === 0,
  )
})

/**
 * @fault the engine's disk cut a write short, or damaged the spool
 * @behaviour what is whole is published; a damaged segment is set aside (`*.corrupt`) and logged
 * @counter cordon_engine_spool_faults_total{fault="corrupt"}
 */
test('a damaged spool: what is whole is published, and a copy is set aside', async context => {
  const { world, broker } = await openWorldOnOwnBroker(context)
  const load = await startLoad(world, world.client)
  await eventually('some work', () => load.count > 50)
  await broker.end('SIGKILL')
  const atOutage = load.count
  await eventually('work without the broker', () => load.count > atOutage + 100)
  await world.engine.kill()
  await load.stop()
  const name = (await readdir(world.spoolFolder)).filter(file => file.endsWith('.spool')).sort()[0]!
  const path = join(world.spoolFolder, name)
  const bytes = await readFile(path)
  // Far behind what was published.
  bytes[60_000]! ^= 0xff
  await writeFile(path, bytes)
  await broker.start()
  await world.restartEngine()
  assert.equal(await world.counted('cordon_engine_spool_faults_total{fault="corrupt"}'), 1)
  assert.ok((await readdir(world.spoolFolder)).includes(`${name}.corrupt`))
  await eventually(
    'an empty spool',
    async () => (await world.counted('cordon_engine_session_log_pending_records')) === 0,
  )
})

/**
 * @fault the spool is full
 * @behaviour sensitive calls are denied (`RECORDING_FAILED`); others pass and are counted, or are denied too where the bundle says `whenUnrecorded: "deny-all"`
 * @counter cordon_engine_records_refused_total
 */
test('a full spool: what is sensitive is denied, low reads pass and are counted', async context => {
  const { world, broker } = await openWorldOnOwnBroker(context, { CORDON_SPOOL_MAX_MIB: '8' })
  const sessionId = await world.openSession()
  const token = await world.tokenOf(sessionId)
  const call = (tool: string, text: string) =>
    world.client.authorize({ token, server: 'files', tool, arguments: { path: '/data/a', text } })
  await broker.end('SIGKILL')
  // Resources are kept in the attempt: a long path makes a long record.
  const full = async (): Promise<boolean> => (await world.counted('cordon_engine_records_refused_total')) > 0
  await eventually(
    'a full spool',
    async () => {
      await Promise.all(Array.from({ length: 500 }, () => call('read_file', 'x')))
      return full()
    },
    60_000,
  )
  assert.equal((await call('read_file', 'x')).verdict, 'forward')
  assert.ok((await world.counted('cordon_engine_calls_unrecorded_total')) > 0)
  await broker.start()
  await eventually(
    'room again',
    async () => (await world.counted('cordon_engine_session_log_pending_records')) === 0,
    60_000,
  )
  await eventually(
    'what is sensitive goes on',
    async () => (await call('write_file', 'x')).verdict === 'forward',
    30_000,
  )
})

/**
 * @fault two engines on one spool
 * @behaviour the second ends at its start and names the first's process
 * @counter none: it does not start
 */
test('a second engine on the same spool says who has it, and ends', async context => {
  const world = await openWorld(context)
  const folder = await mkdtemp(join(tmpdir(), 'cordon-second-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  await assert.rejects(
    world.startSecondEngine({ CORDON_ENGINE_SOCKET: join(folder, 'second.sock') }),
    /engine ended: engine: could not start: spool .*: in use by process \d+/,
  )
})
