import assert from 'node:assert/strict'
import { test } from 'node:test'

import { eventually } from '../support/eventually.ts'
import { openFailSafeWorld } from './fail-safe-world.ts'

const staleRefusals = 'cordon_engine_calls_refused_total{reason="SESSION_STALE"}'

/**
 * @fault the scorer is dead (`kill -9`)
 * @behaviour after `staleAfterMs` without a beat sensitive calls are denied (`SESSION_STALE`), low reads go on
 * @counter cordon_engine_calls_refused_total{reason="SESSION_STALE"}
 */
test('a scorer that is dead: what is sensitive is denied, low reads go on', async context => {
  const world = await openFailSafeWorld(context)
  world.kill('scorer')
  await eventually('a denial', async () => (await world.write()) === 'SESSION_STALE')
  assert.equal(await world.read(), 'forwarded')
  assert.ok((await world.counted('engine', staleRefusals)) > 0)
})

/**
 * @fault the scorer lives and lags: it stands still, or cannot keep up
 * @behaviour its beats go the way of its decisions and stay away with them: the same denials, until it has caught up by itself
 * @counter cordon_engine_calls_refused_total{reason="SESSION_STALE"}
 */
test('a scorer that lags is as good as none, and takes up its work by itself', async context => {
  const world = await openFailSafeWorld(context)
  world.freeze('scorer')
  await eventually('a denial', async () => (await world.write()) === 'SESSION_STALE')
  assert.ok((await world.counted('engine', staleRefusals)) > 0)
  world.thaw('scorer')
  await eventually('what is sensitive goes on', async () => (await world.write()) === 'forwarded', 30_000)
  assert.equal(await world.gated(), 'forwarded')
})

/**
 * @fault no verdict on a gated call within `gateTimeoutMs`
 * @behaviour the call is denied (`GATE_TIMEOUT`), whatever else goes on
 * @counter cordon_engine_gate_wait_seconds_count{verdict="timeout"}
 */
test('a gated call that nobody judges in time is denied', async context => {
  const world = await openFailSafeWorld(context)
  world.freeze('scorer')
  assert.equal(await world.gated(), 'GATE_TIMEOUT')
  assert.equal(await world.counted('engine', 'cordon_engine_gate_wait_seconds_count{verdict="timeout"}'), 1)
})
