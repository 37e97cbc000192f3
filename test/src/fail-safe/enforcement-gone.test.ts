import assert from 'node:assert/strict'
import { test } from 'node:test'

import { eventually } from '../support/eventually.ts'
import { openFailSafeWorld } from './fail-safe-world.ts'

/**
 * @fault the engine is gone (`kill -9`)
 * @behaviour the proxy denies every call (`ENGINE_UNAVAILABLE`), and is not ready
 * @counter cordon_proxy_requests_refused_total{reason="ENGINE_UNAVAILABLE"}
 */
test('without its engine the proxy denies every call, low reads too', async context => {
  const world = await openFailSafeWorld(context)
  world.kill('engine')
  await eventually('a denial', async () => (await world.read()) === 'ENGINE_UNAVAILABLE')
  assert.equal(await world.write(), 'ENGINE_UNAVAILABLE')
  const refused = 'cordon_proxy_requests_refused_total{reason="ENGINE_UNAVAILABLE"}'
  assert.ok((await world.counted('proxy', refused)) >= 2)
  const readiness = await fetch(`${world.stack.services.proxy.operationsUrl}/readyz`)
  assert.equal(readiness.status, 503)
})

/**
 * @fault the proxy is gone (`kill -9`)
 * @behaviour nothing reaches a tool server any more, and its children end; the engine goes on for others
 * @counter cordon_engine_open_connections
 */
test('without the proxy no call gets through, and the engine goes on', async context => {
  const world = await openFailSafeWorld(context)
  assert.equal(await world.counted('engine', 'cordon_engine_open_connections'), 1)
  world.kill('proxy')
  await assert.rejects(world.read())
  await eventually(
    'the engine notices',
    async () => (await world.counted('engine', 'cordon_engine_open_connections')) === 0,
  )
  const readiness = await fetch(`${world.stack.services.engine.operationsUrl}/readyz`)
  assert.equal(readiness.status, 200)
})
