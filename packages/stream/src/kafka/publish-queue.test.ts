import assert from 'node:assert/strict'
import { test } from 'node:test'

import { TransientFault } from '../stream-error.ts'
import { Publication, PublishQueue } from './publish-queue.ts'
import type { QueuedRecord } from './publish-queue.ts'

const publication = new Publication(100)
const queued = (key: string, { bytes = 100, deadline = 1000 } = {}): QueuedRecord => ({
  record: { topic: 'session-events', partition: 0, key, value: null },
  bytes,
  publication,
  index: 0,
  deadline,
})
const keys = (records: readonly QueuedRecord[]): string => records.map(({ record }) => record.key).join('')

const given = (...records: QueuedRecord[]): PublishQueue => {
  const queue = new PublishQueue('session-events', 0)
  for (const record of records) queue.add(record)
  return queue
}

test('has one batch in flight at a time', () => {
  const queue = given(queued('a'), queued('b'))
  assert.equal(keys(queue.take(200)), 'a')
  assert.equal(queue.isSendable, false)
  queue.settle()
  assert.equal(keys(queue.take(200)), 'b')
})

test('closes a batch at its size, and takes one record that is larger', () => {
  const queue = given(queued('a'), queued('b'), queued('c', { bytes: 5000 }), queued('d'))
  assert.equal(keys(queue.take(300)), 'ab')
  queue.settle()
  assert.equal(keys(queue.take(300)), 'c')
})

test('what is put back goes out first, in its order', () => {
  const queue = given(queued('a'), queued('b'), queued('c'))
  queue.take(300)
  queue.add(queued('d'))
  assert.deepEqual(queue.putBack(0), [])
  assert.equal(queue.isSendable, false)
  queue.resume()
  assert.equal(keys(queue.take(10_000)), 'abcd')
})

test('what waited too long comes back out', () => {
  const queue = given(queued('a', { deadline: 10 }), queued('b', { deadline: 30 }))
  queue.take(10_000)
  queue.add(queued('c', { deadline: 15 }))
  assert.equal(keys(queue.putBack(20)), 'ac')
  queue.resume()
  assert.equal(keys(queue.take(10_000)), 'b')
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
