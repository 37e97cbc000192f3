import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import type { SessionId } from '@cordon/foundation'

import { eventually } from '../support/eventually.ts'
import { assertOnRecord, startEngineLoad } from './engine-load.ts'
import type { EngineWorld } from './engine-world.ts'
import { openEngineWorld } from './engine-world.ts'
import { openWorldOnOwnBroker } from './own-broker-world.ts'

/** Longer than every time-out on the way to the broker. */
const outageMs = 60_000
/** More bytes than an attempt takes in the spool. */
const longestRecord = 4_000

/**
 * @fault the engine is killed (`kill -9`) under load
 * @behaviour what it forwarded is on its disk or on the log; the next run publishes the rest: nothing lost, nothing twice, in order
 * @counter cordon_engine_records_recovered_total
 */
test('kill -9 of the engine under load: every forwarded call is on the log, once', async context => {
  const world = await openEngineWorld(context)
  const before = new Map<SessionId, readonly string[]>()
  for (let turn = 0; turn < 3; turn += 1) {
    const load = await startEngineLoad(world)
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
  const load = await startEngineLoad(world, 40)
  await eventually('some work', () => load.count > 100)
  await broker.end('SIGKILL')
  const atOutage = load.count
  await sleep(outageMs)
  assert.ok(
    load.count > atOutage + 300,
    `expected work without the broker, got ${load.count - atOutage} calls`,
  )
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
  const load = await startEngineLoad(world)
  await eventually('some work', () => load.count > 50)
  await broker.end('SIGKILL')
  const atOutage = load.count
  await eventually('work without the broker', () => load.count > atOutage + 100)
  await world.engine.kill()
  await load.stop()
  const name = (await readdir(world.spoolFolder)).filter(file => file.endsWith('.spool')).sort()[0]!
  const path = join(world.spoolFolder, name)
  const bytes = await readFile(path)
  const onLog = attemptsOnLog(world)
  const written = [...load.forwarded.values()]
    .flat()
    .filter(id => bytes.includes(id) && !onLog.has(id))
    .sort((one, other) => bytes.indexOf(one) - bytes.indexOf(other))
  // In the middle of what was not published.
  const damagedAt = bytes.indexOf(written[Math.floor(written.length / 2)]!)
  bytes[damagedAt]! ^= 0xff
  await writeFile(path, bytes)
  const before = written.filter(id => bytes.indexOf(id) < damagedAt - longestRecord)
  const behind = written.filter(id => bytes.indexOf(id) > damagedAt + longestRecord)
  assert.ok(before.length > 10 && behind.length > 10, `got ${before.length} before, ${behind.length} behind`)
  await broker.start()
  await world.restartEngine()
  assert.equal(await world.counted('cordon_engine_spool_faults_total{fault="corrupt"}'), 1)
  assert.ok((await readdir(world.spoolFolder)).includes(`${name}.corrupt`))
  await eventually(
    'an empty spool',
    async () => (await world.counted('cordon_engine_session_log_pending_records')) === 0,
  )
  await eventually('what stood before the damage', () => attemptsOnLog(world).isSupersetOf(new Set(before)))
  assert.ok(attemptsOnLog(world).isDisjointFrom(new Set(behind)), 'nothing from behind the damage')
  assert.deepEqual(await readFile(join(world.spoolFolder, `${name}.corrupt`)), bytes)
})

const attemptsOnLog = ({ scorer }: EngineWorld): Set<string> =>
  new Set(
    scorer.events.flatMap(({ name, value }) => (name === 'InvocationAttempted' ? [value.invocationId] : [])),
  )

/**
 * @fault two engines on one spool
 * @behaviour the second ends at its start and names the first's process
 * @counter none: it does not start
 */
test('a second engine on the same spool says who has it, and ends', async context => {
  const world = await openEngineWorld(context)
  const folder = await mkdtemp(join(tmpdir(), 'cordon-second-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  await assert.rejects(
    world.startSecondEngine({ CORDON_ENGINE_SOCKET: join(folder, 'second.sock') }),
    /engine ended: engine: could not start: spool .*: in use by process \d+/,
  )
})
