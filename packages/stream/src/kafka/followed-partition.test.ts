import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import type { LogRecord } from '../ports.ts'
import { FollowedPartition } from './followed-partition.ts'

const record = (offset: bigint): LogRecord => ({
  topic: 'session-events',
  partition: 0,
  offset,
  timestamp: 0,
  key: null,
  value: null,
})

const fetched = (...offsets: bigint[]) => ({ records: offsets.map(record), nextOffset: offsets.at(-1)! + 1n })

const given = (onRecords: (offsets: bigint[]) => Promise<void> | void) => {
  const failures: unknown[] = []
  const followed = new FollowedPartition({
    partition: 0,
    from: 0n,
    onRecords: (_partition, records) => onRecords(records.map(({ offset }) => offset)),
    onProgress: () => {},
    onFailure: error => failures.push(error),
  })
  return { followed, failures }
}

test('its position follows what was handled, not what was fetched', async () => {
  const handled = Promise.withResolvers<void>()
  const { followed } = given(() => handled.promise)
  followed.accept(fetched(0n, 1n), 2n)
  assert.deepEqual([followed.position, followed.fetchOffset], [0n, 2n])
  handled.resolve()
  await turn()
  assert.equal(followed.position, 2n)
})

test('fetches one ahead of a handler at work, and no more', async () => {
  const handled = Promise.withResolvers<void>()
  const seen: bigint[][] = []
  const { followed } = given(offsets => {
    seen.push(offsets)
    return handled.promise
  })
  followed.accept(fetched(0n), 1n)
  assert.equal(followed.isFetchable, true)
  followed.accept(fetched(1n), 2n)
  assert.equal(followed.isFetchable, false)
  assert.deepEqual(seen, [[0n]])
  handled.resolve()
  await turn()
  assert.equal(followed.isFetchable, true)
  assert.deepEqual(seen, [[0n], [1n]])
})

test('a handler that waits for nothing is done at once', () => {
  const { followed } = given(() => {})
  followed.accept(fetched(0n, 5n), 6n)
  assert.equal(followed.position, 6n)
})

test('goes past a hole without a call', () => {
  const { followed, failures } = given(() => {
    throw new Error('called')
  })
  followed.accept({ records: [], nextOffset: 9n }, 9n)
  assert.equal(followed.position, 9n)
  assert.deepEqual(failures, [])
})

test('reports what a handler throws and keeps its position', async () => {
  const { followed, failures } = given(() => {
    throw new Error('poison')
  })
  followed.accept(fetched(0n), 1n)
  await turn()
  assert.deepEqual(failures, [new Error('poison')])
  assert.equal(followed.position, 0n)
})

test('nothing reaches the handler after it was retired', async () => {
  const handled = Promise.withResolvers<void>()
  const seen: bigint[][] = []
  const { followed } = given(offsets => {
    seen.push(offsets)
    return handled.promise
  })
  followed.accept(fetched(0n), 1n)
  followed.accept(fetched(1n), 2n)
  followed.retire()
  handled.resolve()
  await turn()
  followed.accept(fetched(2n), 3n)
  assert.deepEqual(seen, [[0n]])
})

test('notices that it gets no further before records that exist', async () => {
  const { followed } = given(() => {})
  followed.accept({ records: [], nextOffset: 0n }, 5n)
  assert.equal(followed.isAtEnd, false)
  assert.equal(followed.isStalled(1000), false)
  await new Promise(resolve => setTimeout(resolve, 5))
  assert.equal(followed.isStalled(1), true)
  followed.accept(fetched(0n), 5n)
  assert.equal(followed.isStalled(1000), false)
})
