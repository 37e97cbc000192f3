import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

import type { Tick } from '@cordon/schemas'
import { recordSchemas, topicCatalogue } from '@cordon/schemas'
import type { Serde } from '@cordon/serde'
import { openSerde } from '@cordon/serde'
import { PoisonRecord, SchemaMissing, TransientFault } from '@cordon/stream'

import { ownPrefix, registerPlainly, registryUrl } from './registry-probe.ts'

const releasedFolder = fileURLToPath(new URL('../../../schemas/released', import.meta.url))

interface RecordSchema {
  readonly fields: readonly object[]
}

const tick: Tick = { partition: 3, tickedAt: 1_790_000_000_000, baselines: [] }
const tickSchema = JSON.parse(recordSchemas.Tick) as RecordSchema

const open = (topicPrefix: string, register: boolean): Promise<Serde> =>
  openSerde({ registry: { url: registryUrl() }, topicPrefix, register })

/** Decodes as a stream does: what is missing is prepared once, then read. */
const decodeWithPrepare = async (serde: Serde, record: Buffer): Promise<unknown> => {
  try {
    serde.decode(record)
  } catch (missing) {
    assert.ok(missing instanceof SchemaMissing)
    await Promise.all([serde.prepare(missing), serde.prepare(missing)])
    return serde.decode(record)
  }
  return assert.fail('the schema was expected to be unknown at first')
}

test('a reader fetches the schemas that a writer registered', async () => {
  const prefix = ownPrefix()
  // Opened first, so that it cannot know any id.
  const reader = await open(prefix, false)
  const writer = await open(prefix, true)
  const record = writer.encode('session-events', 'Tick', tick)
  assert.deepEqual(await decodeWithPrepare(reader, record), { name: 'Tick', value: tick })
})

test('registering again gives the same ids, also from two services at once', async () => {
  const prefix = ownPrefix()
  const serdes = [...(await Promise.all([open(prefix, true), open(prefix, true)])), await open(prefix, true)]
  const records = serdes.map(serde => serde.encode('session-events', 'Tick', tick).toString('hex'))
  assert.equal(new Set(records).size, 1)
})

test('a service that only reads registers nothing, and cannot write', async () => {
  const prefix = ownPrefix()
  const reader = await open(prefix, false)
  assert.throws(() => reader.encode('session-events', 'Tick', tick), { code: 'SCHEMA_UNREGISTERED' })
  const response = await fetch(`${registryUrl()}/subjects/${prefix}session-events-cordon.Tick/versions`)
  assert.equal(response.status, 404)
})

test('the registry refuses a version that is not compatible', async () => {
  const prefix = ownPrefix()
  await open(prefix, true)
  const incompatible = { ...tickSchema, fields: [...tickSchema.fields, { name: 'human', type: 'string' }] }
  const { status } = await registerPlainly(`${prefix}session-events-cordon.Tick`, incompatible)
  assert.equal(status, 409)
})

test('the registry takes every released version of every record beside the present one, each compatible with all others', async () => {
  const prefix = ownPrefix()
  await open(prefix, true)
  const subjects = Object.values(topicCatalogue).flatMap(({ name, records }) =>
    records.map(record => ({ record, subject: `${prefix}${name}-cordon.${record}` })),
  )
  for (const { record, subject } of subjects) {
    const folder = join(releasedFolder, record.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase())
    const versions = readdirSync(folder)
    assert.notEqual(versions.length, 0)
    for (const version of versions) {
      const schema = JSON.parse(readFileSync(join(folder, version), 'utf8')) as object
      const { status } = await registerPlainly(subject, schema)
      assert.equal(status, 200, `${record} ${version}`)
    }
  }
})

test('a service whose schema is not compatible does not start', async () => {
  const prefix = ownPrefix()
  const stranger = { ...tickSchema, fields: [{ name: 'human', type: 'string' }] }
  const { status } = await registerPlainly(`${prefix}session-events-cordon.Tick`, stranger)
  assert.equal(status, 200)
  await assert.rejects(open(prefix, true), { code: 'SCHEMA_INCOMPATIBLE' })
})

test('reads what a newer service writes with one more field', async () => {
  const prefix = ownPrefix()
  const serde = await open(prefix, true)
  const newer = { ...tickSchema, fields: [...tickSchema.fields, { name: 'drift', type: 'long', default: 0 }] }
  const { status, id } = await registerPlainly(`${prefix}session-events-cordon.Tick`, newer)
  assert.equal(status, 200)

  const header = Buffer.alloc(5)
  header.writeInt32BE(id!, 1)
  // Avro writes fields one after the other: the new one, 7, is a zigzag varint behind the known ones.
  const record = Buffer.concat([
    header,
    serde.encode('session-events', 'Tick', tick).subarray(5),
    Buffer.from([14]),
  ])
  assert.deepEqual(await decodeWithPrepare(serde, record), { name: 'Tick', value: tick })
})

test('an id that the registry does not know is poison', async () => {
  const serde = await open(ownPrefix(), false)
  const record = Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 2])
  await assert.rejects(decodeWithPrepare(serde, record), PoisonRecord)
})

test('a registry out of reach is a fault that may pass', async () => {
  // Port 9 (discard) has no listener.
  const registry = { url: 'http://127.0.0.1:9' }
  await assert.rejects(openSerde({ registry, topicPrefix: '', register: true }), (error: Error) => {
    assert.ok(error instanceof TransientFault)
    assert.match(error.message, /got ECONNREFUSED$/)
    return true
  })
})

test('a URL that leads to no registry is said to be wrong, to readers too', async () => {
  const registry = { url: `${new URL(registryUrl()).origin}/nowhere` }
  await assert.rejects(openSerde({ registry, topicPrefix: '', register: false }), {
    code: 'REGISTRY_REFUSED',
  })
})
