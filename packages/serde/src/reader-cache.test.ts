import assert from 'node:assert/strict'
import { test } from 'node:test'

import { recordSchemas } from '@cordon/schemas'
import { PoisonRecord, SchemaMissing, TransientFault } from '@cordon/stream'

import { createReaderCache } from './reader-cache.ts'
import { recordSamples } from './record-samples.ts'
import { createLocalSerde } from './serde.ts'

test('fetches once, however many wait for it', async () => {
  const answer = Promise.withResolvers<string>()
  let fetches = 0
  const cache = createReaderCache(() => {
    fetches += 1
    return answer.promise
  }, new Map())
  assert.throws(() => cache.get(7), SchemaMissing)
  const waiting = [cache.prepare(7), cache.prepare(7), cache.prepare(7)]
  answer.resolve(recordSchemas.Tick)
  await Promise.all(waiting)
  await cache.prepare(7)
  assert.equal(fetches, 1)
  assert.equal(cache.get(7).name, 'Tick')
  assert.equal(cache.get(7).resolver, undefined)
})

test('a registry out of reach refuses nothing for good', async () => {
  const answers: (() => Promise<string>)[] = [
    () => Promise.reject(new TransientFault('registry: expected an answer, got ECONNREFUSED')),
    () => Promise.resolve(recordSchemas.Tick),
  ]
  const cache = createReaderCache(() => answers.shift()!(), new Map())
  await assert.rejects(cache.prepare(7), TransientFault)
  assert.throws(() => cache.get(7), SchemaMissing)
  await cache.prepare(7)
  assert.equal(cache.get(7).name, 'Tick')
})

test('schemas that are no record of ours, or that ours cannot read, are poison', async () => {
  const schemas = new Map([
    [1, 'nonsense'],
    [2, '{"type":"record","name":"Stranger","namespace":"cordon","fields":[]}'],
    [3, '"string"'],
    [4, '{"type":"record","name":"Tick","namespace":"cordon","fields":[]}'],
  ])
  const cache = createReaderCache(id => Promise.resolve(schemas.get(id)), new Map())
  for (const id of [...schemas.keys(), 5]) {
    await cache.prepare(id)
    assert.throws(() => cache.get(id), PoisonRecord)
  }
})

test('an attempt that was written before there was drift has none, and its reader reads one that has', async () => {
  const [before] = recordSchemas.InvocationAttempted.split(',{"name":"drift"')
  const schemas = [`${before}]}`, recordSchemas.InvocationAttempted]
  const cache = createReaderCache(id => Promise.resolve(schemas[id]), new Map())
  const drifted = { ...recordSamples.InvocationAttempted, drift: 'unpinned' } as const
  const record = createLocalSerde().encode('session-events', 'InvocationAttempted', drifted).subarray(5)
  await cache.prepare(0)
  await cache.prepare(1)
  const read = (id: number, bytes: Buffer): unknown => {
    const { type, resolver } = cache.get(id)
    return type.decode(bytes, 0, resolver).value
  }
  assert.deepEqual(read(1, record), drifted)
  // The last field is the last byte.
  assert.deepEqual(read(0, record.subarray(0, -1)), { ...drifted, drift: 'none' })
})

test('reads what a later version wrote: an added field is skipped, a new symbol becomes the default', async () => {
  const later = recordSchemas.InvocationDenied.replace(
    '"symbols":["deny",',
    '"symbols":["deny","quarantine",',
  ).replace('"fields":[', '"fields":[{"name":"added","type":{"type":"array","items":"long"},"default":[]},')
  const cache = createReaderCache(() => Promise.resolve(later), new Map())
  await cache.prepare(9)
  const { type, resolver } = cache.get(9)
  assert.ok(resolver)
  const text = (value: string): number[] => [value.length * 2, ...Buffer.from(value)]
  // added: [1], sessionId, invocationId, deniedAt: 2, tool, verdict: quarantine, reason, standing: suspended,
  // proofSequence: null
  const bytes = [2, 2, 0, ...text('s'), ...text('i'), 4, ...text('a/b'), 2, ...text('r'), 8, 0]
  assert.deepEqual(type.decode(Buffer.from(bytes), 0, resolver), {
    value: {
      sessionId: 's',
      invocationId: 'i',
      deniedAt: 2,
      tool: 'a/b',
      verdict: 'deny',
      reason: 'r',
      standing: 'suspended',
      proofSequence: null,
    },
    offset: bytes.length,
  })
})
