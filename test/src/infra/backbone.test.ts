import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { openWorkplace } from '@cordon/infra'
import { isRunning } from '@cordon/lifecycle'
import kafkajs from 'kafkajs'

import { eventually } from '../support/eventually.ts'
import { launch, type Launched } from './launched.ts'

/** Started here, not the ones of this test run. */
const ownParts = { KAFKA_BROKERS: '', SCHEMA_REGISTRY_URL: '' }

const kept = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-kept-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

const noneIsLeft = async ({ pids }: Launched): Promise<void> =>
  eventually(`none of ${pids.join(', ')} is left`, () => !pids.some(isRunning), 30_000)

const register = async ({ facts }: Launched, subject: string, field: string): Promise<number> => {
  const schema = JSON.stringify({ type: 'record', name: 'R', fields: [{ name: field, type: 'long' }] })
  const response = await fetch(`${facts['registry']}/subjects/${subject}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema }),
  })
  const { id } = (await response.json()) as { readonly id: number }
  return id
}

const schemaOf = async ({ facts }: Launched, id: number): Promise<string> => {
  const response = await fetch(`${facts['registry']}/schemas/ids/${id}`)
  const { schema } = (await response.json()) as { readonly schema: string }
  return schema
}

const admin = async (t: TestContext, { facts }: Launched) => {
  const kafka = new kafkajs.Kafka({
    brokers: facts['brokers']!.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
  })
  const client = kafka.admin()
  await client.connect()
  t.after(() => client.disconnect())
  return client
}

test('kill -9 of everything at once: topics and the ids of schemas are there at the next start', async t => {
  const folder = await kept(t)
  const first = await launch(t, 'backbone-launcher.ts', [folder], ownParts)
  const topics = (await (await admin(t, first)).listTopics()).sort()
  assert.ok(topics.includes('session-events'))
  const [, , registry] = first.pids
  const id = await register(first, 'survivor', 'acknowledged')
  // The instant after its acknowledgement, and the broker and the launcher with it.
  process.kill(registry!, 'SIGKILL')
  process.kill(first.pids[1]!, 'SIGKILL')
  await first.kill('SIGKILL')
  await noneIsLeft(first)

  const second = await launch(t, 'backbone-launcher.ts', [folder], ownParts)
  assert.match(await schemaOf(second, id), /acknowledged/)
  assert.equal(await register(second, 'survivor', 'acknowledged'), id)
  assert.notEqual(await register(second, 'newcomer', 'later'), id)
  assert.deepEqual((await (await admin(t, second)).listTopics()).sort(), topics)
  await second.kill('SIGTERM')
  assert.ok(!second.pids.some(isRunning))
})

test('the journal of ids is kept without end', async t => {
  const folder = await kept(t)
  const launched = await launch(t, 'backbone-launcher.ts', [folder], {
    ...ownParts,
    CORDON_TOPIC_PREFIX: 'mine-',
  })
  const client = await admin(t, launched)
  const { resources } = await client.describeConfigs({
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: 'mine-cordon-registry-journal' }],
    includeSynonyms: false,
  })
  const settings = new Map(resources[0]!.configEntries.map(entry => [entry.configName, entry.configValue]))
  assert.equal(settings.get('retention.ms'), '-1')
  assert.equal(settings.get('cleanup.policy'), 'delete')
  // Nothing without the prefix, but what Kafka makes for itself.
  const foreign = (await client.listTopics()).filter(name => !/^(mine-|__)/.test(name))
  assert.deepEqual(foreign, [])
  await launched.kill('SIGTERM')
})

test('kill -9 of the launcher leaves no broker, no registry and no folder of a throw-away run', async t => {
  const launched = await launch(t, 'backbone-launcher.ts', [], ownParts)
  await launched.kill('SIGKILL')
  await noneIsLeft(launched)
  for (const folder of launched.folders) assert.ok(!existsSync(folder), folder)
})

test('a second run in the same folder waits for the first, and is told who it is', async t => {
  const folder = await kept(t)
  const told: string[] = []
  const holder = await openWorkplace({ environment: {}, dataFolder: folder, onProgress: () => undefined })
  const waiting = openWorkplace({
    environment: {},
    dataFolder: folder,
    onProgress: ({ text }) => told.push(text),
  })
  await eventually('the second run says that it waits', () => told.length === 1)
  assert.match(told[0]!, new RegExp(`process ${holder.supervisor.guardianPid}`))
  await holder.close()
  const next = await waiting
  await next.close()
})
