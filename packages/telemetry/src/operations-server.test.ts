import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { Readiness } from './operations-server.ts'
import { openOperationsServer } from './operations-server.ts'
import { createTelemetry } from './telemetry.ts'

const open = async (
  context: TestContext,
  state: { live: boolean; readiness: Readiness },
): Promise<(path: string, method?: string) => Promise<{ status: number; text: string }>> => {
  const telemetry = createTelemetry({ service: 'engine', logLevel: 'error' })
  telemetry.counter({ name: 'things_total', help: 'Things.' })
  const server = await openOperationsServer({
    host: '127.0.0.1',
    port: 0,
    telemetry,
    isLive: () => state.live,
    isReady: () => state.readiness,
  })
  context.after(() => server.close())
  return async (path, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method })
    return { status: response.status, text: await response.text() }
  }
}

test('answers by what the service says of itself at that moment', async context => {
  const state = { live: true, readiness: { ready: false, reasons: ['session decisions are being read'] } }
  const ask = await open(context, state)
  assert.equal((await ask('/livez')).status, 200)
  assert.deepEqual(await ask('/readyz'), {
    status: 503,
    text: '{"ready":false,"reasons":["session decisions are being read"]}\n',
  })

  state.live = false
  state.readiness = { ready: true, reasons: [] }
  assert.equal((await ask('/livez')).status, 503)
  assert.equal((await ask('/readyz?verbose')).status, 200)
})

/**
 * @input another path than /livez, /readyz and /metrics on an operations port, or another method than GET
 * @behaviour 404, 405
 * @counter none: nothing there changes anything
 */
test('serves metrics, and nothing else', async context => {
  const ask = await open(context, { live: true, readiness: { ready: true, reasons: [] } })
  const metrics = await ask('/metrics')
  assert.equal(metrics.status, 200)
  assert.match(metrics.text, /^cordon_engine_things_total 0$/m)
  assert.equal((await ask('/')).status, 404)
  assert.equal((await ask('/metrics', 'POST')).status, 405)
})

test('closes while a scraper keeps its connection', async () => {
  const server = await openOperationsServer({
    host: '127.0.0.1',
    port: 0,
    telemetry: createTelemetry({ service: 'engine', logLevel: 'error' }),
    isLive: () => true,
    isReady: () => ({ ready: true, reasons: [] }),
  })
  await (await fetch(`http://127.0.0.1:${server.port}/livez`)).text()
  await server.close()
  await assert.rejects(fetch(`http://127.0.0.1:${server.port}/livez`))
})
