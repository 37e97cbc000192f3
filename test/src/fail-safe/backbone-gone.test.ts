import assert from 'node:assert/strict'
import { test } from 'node:test'

import { eventually } from '../support/eventually.ts'
import { openFailSafeWorld } from './fail-safe-world.ts'

/**
 * @fault the broker stands still in the middle of the work
 * @behaviour sensitive calls are denied (`RECORDING_FAILED`, then `SESSION_STALE`), gated ones at once; when it is back all goes on without help
 * @counter cordon_engine_calls_refused_total{reason="RECORDING_FAILED"}
 */
test('without the broker nothing sensitive happens unrecorded; with it all goes on', async context => {
  const world = await openFailSafeWorld(context, { ownBackbone: true })
  world.freeze('broker')
  assert.equal(await world.write(), 'RECORDING_FAILED')
  assert.ok(
    (await world.counted('engine', 'cordon_engine_calls_refused_total{reason="RECORDING_FAILED"}')) > 0,
  )
  await eventually('what is held is stale', async () => (await world.write()) === 'SESSION_STALE')
  assert.equal(await world.read(), 'forwarded')
  world.thaw('broker')
  await eventually('what is sensitive goes on', async () => (await world.write()) === 'forwarded', 30_000)
  await eventually('what is gated goes on', async () => (await world.gated()) === 'forwarded', 30_000)
})

/**
 * @fault the schema registry is gone in the middle of the work
 * @behaviour nothing changes: every service holds the schemas that it writes and reads
 * @counter cordon_engine_calls_forwarded_total{mode="gate"}
 */
test('without the registry those who run go on', async context => {
  const world = await openFailSafeWorld(context, { ownBackbone: true })
  world.kill('registry')
  const forwarded = 'cordon_engine_calls_forwarded_total{mode="gate"}'
  const before = await world.counted('engine', forwarded)
  assert.equal(await world.gated(), 'forwarded')
  assert.equal(await world.write(), 'forwarded')
  assert.equal(await world.counted('engine', forwarded), before + 1)
})
