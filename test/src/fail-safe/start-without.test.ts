import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { findFreePort } from '@cordon/infra'

import { startEngineProcess } from '../engine/engine-process.ts'
import { eventually } from '../support/eventually.ts'
import { testBroker } from '../support/broker.ts'
import { openTestStream } from '../support/test-stream.ts'

/** An engine that lacks nothing, but for what a test takes away. */
const engineVariables = async (context: TestContext): Promise<Record<string, string>> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-start-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const { settings } = await openTestStream(context, {
    topics: ['session-events', 'session-decisions', 'gate-verdicts', 'security-signals', 'revocations'],
  })
  const bundleFile = join(folder, 'bundle.json')
  const thresholds = { verify: 3, readOnly: 5, suspend: 8 }
  await writeFile(bundleFile, JSON.stringify({ version: 1, catalogue: {}, roles: {}, thresholds }))
  return {
    KAFKA_BROKERS: settings.brokers.join(','),
    SCHEMA_REGISTRY_URL: process.env['SCHEMA_REGISTRY_URL']!,
    CORDON_TOPIC_PREFIX: settings.topicPrefix,
    CORDON_ENGINE_SOCKET: join(folder, 'engine.sock'),
    CORDON_BUNDLE_FILE: bundleFile,
    CORDON_JWKS_URL: 'http://127.0.0.1:1/jwks.json',
    CORDON_ISSUER: 'https://identity.example',
    CORDON_FINGERPRINT_KEY_FILE: join(folder, 'fingerprint.key'),
    CORDON_ENGINE_KEY_FILE: join(folder, 'engine.key'),
    CORDON_SPOOL_DIR: join(folder, 'spool'),
  }
}

/** Lets connections through to the broker of this test run. */
const openDoor = async (context: TestContext, port: number): Promise<void> => {
  const [host, brokerPort] = testBroker()[0]!.split(':')
  const server = createServer(socket => {
    const broker = connect(Number(brokerPort), host)
    socket.pipe(broker).pipe(socket)
    for (const end of [socket, broker]) end.on('error', () => undefined)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => server.close())
}

/**
 * @fault the broker is gone when a service starts
 * @behaviour the service waits for it, alive and not ready
 * @counter none: it is not ready, and the log says why
 */
test('an engine that starts before its broker waits for it', async context => {
  const [port, operationsPort] = [await findFreePort(), await findFreePort()]
  const starting = startEngineProcess({
    ...(await engineVariables(context)),
    KAFKA_BROKERS: `127.0.0.1:${port}`,
    CORDON_OPERATIONS_PORT: String(operationsPort),
  })
  const statusOf = async (path: string): Promise<number | undefined> => {
    try {
      return (await fetch(`http://127.0.0.1:${operationsPort}${path}`)).status
    } catch {
      return undefined
    }
  }
  const early = await Promise.race([starting.then(() => 'listening'), sleep(3_000, 'waiting')])
  assert.equal(early, 'waiting')
  await eventually('an engine that is alive', async () => (await statusOf('/livez')) === 200)
  assert.equal(await statusOf('/readyz'), 503)
  await openDoor(context, port)
  const engine = await starting
  context.after(() => engine.stop('SIGTERM'))
  assert.equal((await fetch(`${engine.operationsUrl}/livez`)).status, 200)
})

/**
 * @fault the broker is gone when a service starts, and does not come
 * @behaviour after 30 s the service says so and ends; whoever supervises it starts it again
 * @counter none: it does not start
 */
test('an engine whose broker does not come says so and ends', async context => {
  const variables = {
    ...(await engineVariables(context)),
    KAFKA_BROKERS: `127.0.0.1:${await findFreePort()}`,
  }
  await assert.rejects(startEngineProcess(variables, 120_000), {
    message: /^engine ended: engine: could not start: kafka at 127\.0\.0\.1:\d+: expected an answer, got/,
  })
})

/**
 * @fault the schema registry is gone when a service starts
 * @behaviour the service says so and ends; whoever supervises it starts it again
 * @counter none: it does not start
 */
test('without a registry at its start an engine says so and ends', async context => {
  const variables = {
    ...(await engineVariables(context)),
    SCHEMA_REGISTRY_URL: `http://127.0.0.1:${await findFreePort()}`,
  }
  await assert.rejects(startEngineProcess(variables), {
    message: /^engine ended: engine: could not start: schema registry: expected an answer .*ECONNREFUSED/,
  })
})

/**
 * @fault no valid bundle
 * @behaviour the engine names each problem with expected and got, and ends; without an engine the proxy denies every call
 * @counter none: it does not start
 */
test('without a valid bundle an engine says what is wrong with it and ends', async context => {
  const variables = await engineVariables(context)
  await writeFile(variables['CORDON_BUNDLE_FILE']!, JSON.stringify({ version: 1, catalogue: [] }))
  await assert.rejects(startEngineProcess(variables), {
    message: /^engine ended: engine: could not start: bundle .*\["catalogue"\]: expected record, got \[\]/,
  })
})
