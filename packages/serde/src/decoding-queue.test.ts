import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { DecodedRecord, LogRecord, RecordCodec } from '@cordon/stream'
import { PoisonRecord, SchemaMissing, TransientFault } from '@cordon/stream'

import { createDecodingQueue } from './decoding-queue.ts'

const recordOf = (partition: number, text: string | null): LogRecord => ({
  topic: 'session-decisions',
  partition,
  offset: 0n,
  timestamp: 0,
  key: null,
  value: text === null ? null : Buffer.from(text),
})

const beatOf = (position: number): DecodedRecord => ({
  name: 'Beat',
  value: { partition: 0, position, beatAt: 0, keyId: '', signature: Buffer.alloc(0) },
})

/** Reads numbers; texts that start with `new` need a schema first, others are poison. */
const fakeCodec = (): { codec: RecordCodec; schema: PromiseWithResolvers<void>; asked: number[] } => {
  const schema = Promise.withResolvers<void>()
  const asked: number[] = []
  let isPrepared = false
  const codec: RecordCodec = {
    decode(value) {
      const text = value.toString()
      if (text.startsWith('new') && !isPrepared) throw new SchemaMissing(7)
      const position = Number(text.replace('new', ''))
      if (Number.isNaN(position)) throw new PoisonRecord('not a number')
      return beatOf(position)
    },
    async prepare(missing) {
      asked.push((missing as SchemaMissing).schemaId)
      await schema.promise
      isPrepared = true
    },
    encode: () => Buffer.alloc(0),
  }
  return { codec, schema, asked }
}

const observed = (codec: RecordCodec, options: { maxWaiting?: number } = {}) => {
  const seen: string[] = []
  const faults: unknown[] = []
  const queue = createDecodingQueue({
    ...options,
    codec,
    onRecord: ({ partition }, decoded) =>
      seen.push(
        `${partition}:${decoded?.name === 'Beat' ? decoded.value.position : decoded === null ? 'removed' : 'unreadable'}`,
      ),
    onFault: (_record, error) => faults.push(error),
  })
  return { queue, seen, faults }
}

test('keeps a partition waiting for a schema, in its order, and no other', async () => {
  const { codec, schema, asked } = fakeCodec()
  const { queue, seen } = observed(codec)
  for (const [partition, text] of [
    [0, '1'],
    [0, 'new2'],
    [0, null],
    [1, '9'],
    [0, '3'],
  ] as const) {
    queue.push(recordOf(partition, text))
  }
  assert.deepEqual([seen, asked, queue.isWaiting], [['0:1', '1:9'], [7], true])
  schema.resolve()
  await schema.promise
  await new Promise(setImmediate)
  assert.deepEqual([seen, queue.isWaiting], [['0:1', '1:9', '0:2', '0:removed', '0:3'], false])
})

test('what can never be read is said and passed over', () => {
  const { codec } = fakeCodec()
  const { queue, seen, faults } = observed(codec)
  queue.push(recordOf(0, 'poison'))
  queue.push(recordOf(0, '1'))
  assert.deepEqual(seen, ['0:unreadable', '0:1'])
  assert.ok(faults[0] instanceof PoisonRecord)
})

test('a schema that the registry does not have is passed over, one that it cannot give now is asked for again', async () => {
  const { codec } = fakeCodec()
  const failures = [new TransientFault('registry away'), new PoisonRecord('no such schema')]
  const failing: RecordCodec = { ...codec, prepare: () => Promise.reject(failures.shift()!) }
  const { queue, seen, faults } = observed(failing)
  queue.push(recordOf(0, 'new1'))
  queue.push(recordOf(0, '2'))
  while (queue.isWaiting) await new Promise(resolve => setTimeout(resolve, 10))
  assert.deepEqual(seen, ['0:unreadable', '0:2'])
  assert.equal(faults.length, 2)
})

test('what waits is bounded: the oldest count as unreadable, the newest are read, in their order', async () => {
  const { codec, schema } = fakeCodec()
  const { queue, seen, faults } = observed(codec, { maxWaiting: 3 })
  for (const text of ['new1', '2', 'new3', null, '5']) queue.push(recordOf(0, text))
  queue.push(recordOf(1, '9'))
  assert.deepEqual(seen, ['0:unreadable', '0:unreadable', '1:9'])
  assert.match(String(faults[0]), /expected before 3 records wait for one/)
  schema.resolve()
  while (queue.isWaiting) await new Promise(setImmediate)
  assert.deepEqual(seen.slice(3), ['0:3', '0:removed', '0:5'])
})

test('a record that was given up is not said to be unreadable again', async () => {
  const { codec } = fakeCodec()
  const refused = Promise.withResolvers<void>()
  const { queue, seen } = observed({ ...codec, prepare: () => refused.promise }, { maxWaiting: 1 })
  queue.push(recordOf(0, 'new1'))
  queue.push(recordOf(0, '2'))
  refused.reject(new PoisonRecord('no such schema'))
  while (queue.isWaiting) await new Promise(setImmediate)
  assert.deepEqual(seen, ['0:unreadable', '0:2'])
})

test('what no longer waits makes place for what will', async () => {
  const { codec, schema } = fakeCodec()
  const { queue, seen } = observed(codec, { maxWaiting: 2 })
  for (const text of ['new1', '2']) queue.push(recordOf(0, text))
  schema.resolve()
  while (queue.isWaiting) await new Promise(setImmediate)
  for (const text of ['3', '4', '5']) queue.push(recordOf(0, text))
  assert.deepEqual(seen, ['0:1', '0:2', '0:3', '0:4', '0:5'])
})
