import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { LogRecord } from '../ports.ts'
import { InputQueue } from './input-queue.ts'

const records = (first: number, count: number): LogRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    topic: 'session-events',
    partition: 0,
    offset: BigInt(first + index),
    timestamp: 0,
    key: Buffer.from('k'),
    value: Buffer.alloc(35),
  }))

test('lets further records in at once until it is full, and then when there is room', async () => {
  // 100 bytes each, with what holds them.
  const queue = new InputQueue(300)
  assert.equal(queue.add(records(0, 2)), undefined)
  const room = queue.add(records(2, 3))
  assert.ok(room !== undefined)
  let hasRoom = false
  void room.then(() => (hasRoom = true))
  queue.drop(2)
  await Promise.resolve()
  assert.equal(hasRoom, false)
  queue.drop(1)
  await room
  assert.deepEqual([queue.length, queue.at(0)?.offset, queue.end], [2, 3n, 5n])
})

test('keeps its place over many drops', () => {
  const queue = new InputQueue(1_000_000)
  let next = 0
  for (let round = 0; round < 100; round += 1) {
    assert.equal(queue.add(records(round * 7, 7)), undefined)
    for (; next < round * 7; next += 3) {
      assert.equal(queue.at(0)?.offset, BigInt(next))
      queue.drop(3)
    }
  }
  queue.drop(queue.length)
  assert.deepEqual([queue.length, queue.end], [0, 700n])
})

test('lets a waiting follower go when it closes', async () => {
  const queue = new InputQueue(1)
  const room = queue.add(records(0, 1))
  queue.close()
  await room
  assert.equal(queue.add(records(1, 1)), undefined)
  assert.equal(queue.length, 0)
})
