import assert from 'node:assert/strict'
import { test } from 'node:test'

import { TransientFault } from '../stream-error.ts'
import type { ProducerIdentity } from './producer-identity.ts'
import { Publication, PublishQueue } from './publish-queue.ts'
import type { QueuedRecord } from './publish-queue.ts'
import { decodeRecordBatches } from './record-batch-decoder.ts'

const publication = new Publication(100)
const queued = (key: string, { bytes = 100, deadline = 1000 } = {}): QueuedRecord => ({
  record: { topic: 'session-events', partition: 0, key, value: null },
  bytes,
  publication,
  index: 0,
  deadline,
})
const producer: ProducerIdentity = { producerId: 7n, producerEpoch: 0 }

const given = (...records: QueuedRecord[]): PublishQueue => {
  const queue = new PublishQueue('session-events', 0)
  queue.adopt(producer)
  for (const record of records) queue.add(record)
  return queue
}

/** Keys of the batch's records, and its number in the producer's sequence (KIP-98, record batch header). */
const taken = (queue: PublishQueue, maxBytes = 10_000): string => {
  const batch = queue.take(maxBytes, 0)
  const keys = decodeRecordBatches(batch, { from: 0n, partition: 0, topic: 'session-events' }).records.map(
    ({ key }) => String(key),
  )
  return `${keys.join('')}@${batch.readInt32BE(53)}`
}

test('has one batch in flight at a time, each with the next number', () => {
  const queue = given(queued('a'), queued('b'), queued('c'))
  assert.equal(taken(queue, 300), 'ab@0')
  assert.equal(queue.isSendable, false)
  queue.appended()
  assert.equal(taken(queue, 300), 'c@2')
})

test('closes a batch at its size, and takes one record that is larger', () => {
  const queue = given(queued('a'), queued('b'), queued('c', { bytes: 5000 }), queued('d'))
  assert.equal(taken(queue, 300), 'ab@0')
  queue.appended()
  assert.equal(taken(queue, 300), 'c@2')
})

test('what is put back goes out again as the very same batch, whatever came meanwhile', () => {
  const queue = given(queued('a'), queued('b'))
  const batch = queue.take(10_000, 0)
  queue.add(queued('c'))
  assert.deepEqual(queue.putBack(0), [])
  assert.equal(queue.isSendable, false)
  queue.resume()
  assert.equal(queue.isSendable, true)
  assert.deepEqual(queue.take(10_000, 99), batch)
  queue.appended()
  assert.equal(taken(queue), 'c@2')
})

test('a batch that was refused leaves its number to the next', () => {
  const queue = given(queued('a'), queued('b'))
  assert.equal(taken(queue, 200), 'a@0')
  queue.refused()
  assert.equal(taken(queue, 200), 'b@0')
})

test('what waited too long comes back out: a batch whole, and then under another producer', () => {
  const late = (key: string): QueuedRecord => queued(key, { deadline: 10 })
  const queue = given(late('a'), queued('b', { deadline: 30 }))
  queue.take(10_000, 0)
  queue.add(late('c'))
  queue.add(queued('d', { deadline: 50 }))
  const keys = (records: readonly QueuedRecord[]): string => records.map(({ record }) => record.key).join('')
  assert.equal(keys(queue.putBack(20)), 'c')
  assert.equal(queue.hasProducer, true)
  queue.resume()
  assert.equal(taken(queue), 'ab@0')
  assert.equal(keys(queue.putBack(40)), 'ab')
  assert.equal(queue.hasProducer, false)
})

test('under another producer the open batch is the first', () => {
  const queue = given(queued('a'), queued('b'))
  queue.take(200, 0)
  queue.appended()
  assert.equal(taken(queue), 'b@1')
  queue.putBack(0, true)
  assert.equal(queue.hasProducer, false)
  queue.adopt({ ...producer, producerId: 8n })
  queue.resume()
  assert.equal(taken(queue), 'b@0')
})

test('a publication resolves with the offsets in the order of its records', async () => {
  const both = new Publication(2)
  both.confirm(1, 8n)
  both.confirm(0, 5n)
  assert.deepEqual(await both.done, [5n, 8n])
})

test('a publication fails with its first record', async () => {
  const both = new Publication(2)
  both.confirm(0, 5n)
  both.fail(new TransientFault('late'))
  await assert.rejects(both.done, { code: 'TRANSIENT_FAULT' })
})
