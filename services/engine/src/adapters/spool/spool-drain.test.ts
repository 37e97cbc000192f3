import assert from 'node:assert/strict'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { frameBytes } from './frame.ts'
import type { SpoolRecord } from './frame.ts'
import { SpoolDrain } from './spool-drain.ts'
import type { SpoolDrainOptions } from './spool-drain.ts'
import { Spool } from './spool.ts'

const record = (index: number): SpoolRecord => ({
  partition: index % 3,
  key: 'session',
  value: Buffer.from(String(index).padStart(100, '0')),
})
const indexOf = ({ value }: SpoolRecord): number => Number(value.toString())
const recordsOf = (count: number): SpoolRecord[] => Array.from({ length: count }, (_, index) => record(index))

/** A broker that acknowledges when it is told to. */
const openWorld = async (context: TestContext, options: Partial<SpoolDrainOptions> = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-drain-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const published: number[] = []
  const lost: unknown[] = []
  const unread: unknown[] = []
  let broker = Promise.withResolvers<void>()
  const openSpool = () =>
    Spool.open({
      folder,
      maxBytes: 1024 * 1024,
      segmentBytes: 4096,
      firstNumber: 0,
      onFault: fault => assert.fail(fault),
    })
  const spool = await openSpool()
  const drainOf = (from: Spool) =>
    new SpoolDrain({
      spool: from,
      async publish(each) {
        published.push(indexOf(each))
        await broker.promise
        return BigInt(published.length)
      },
      isPublished: () => false,
      onAcknowledged: () => undefined,
      onLost: (_record, error) => lost.push(error),
      onUnread: error => unread.push(error),
      ...options,
    })
  const drain = drainOf(spool)
  const add = (index: number): Promise<boolean> => {
    const number = spool.append([record(index)])!
    drain.appended(number, [record(index)], 'now')
    return drain.acknowledged(number)
  }
  return {
    folder,
    spool,
    drain,
    drainOf,
    openSpool,
    published,
    lost,
    unread,
    add,
    acknowledge: () => broker.resolve(),
    stop: () => void (broker = Promise.withResolvers()),
  }
}

test('an outage longer than memory reaches: all of it, in order, each once', async context => {
  const { spool, drain, published, add, acknowledge } = await openWorld(context, {
    windowBytes: 5 * frameBytes(record(0)),
  })
  const added = Array.from({ length: 200 }, (_, index) => add(index))
  assert.ok(published.length <= 6, 'the window is all that is in flight')
  acknowledge()
  // Some come while the rest is read from the disk.
  for (let index = 200; index < 260; index += 1) {
    void add(index)
    if (index % 7 === 0) await sleep(1)
  }
  await drain.drained(10_000)
  assert.deepEqual(published, recordsOf(260).map(indexOf))
  assert.deepEqual(new Set(await Promise.all(added)), new Set([true]))
  assert.equal(spool.records, 0)
})

test('the next run publishes what the last one did not, before anything new', async context => {
  const { drain, drainOf, openSpool, published, add, acknowledge } = await openWorld(context)
  for (let index = 0; index < 50; index += 1) void add(index)
  drain.close()
  published.length = 0
  const spool = await openSpool()
  acknowledge()
  const next = drainOf(spool)
  next.appended(spool.append([record(50)])!, [record(50)], 'soon')
  await next.drained(10_000)
  assert.deepEqual(published, recordsOf(51).map(indexOf))
})

test('what the log has already is released and not published again', async context => {
  const { drain, openSpool, add } = await openWorld(context)
  for (let index = 0; index < 10; index += 1) void add(index)
  drain.close()
  const spool = await openSpool()
  const again: number[] = []
  const next = new SpoolDrain({
    spool,
    publish: each => Promise.resolve(BigInt(again.push(indexOf(each)))),
    isPublished: (_number, each) => indexOf(each) < 7,
    onAcknowledged: () => undefined,
    onLost: () => assert.fail(),
    onUnread: () => assert.fail(),
  })
  await next.drained(10_000)
  assert.deepEqual(again, [7, 8, 9])
  assert.equal(spool.records, 0)
})

test('a record that the log refuses for good is lost and said so; the others go on', async context => {
  const published: number[] = []
  const { add, lost } = await openWorld(context, {
    publish(each) {
      if (indexOf(each) === 1) return Promise.reject(new Error('too large'))
      return Promise.resolve(BigInt(published.push(indexOf(each))))
    },
  })
  assert.deepEqual(await Promise.all([add(0), add(1), add(2)]), [true, false, true])
  assert.deepEqual(published, [0, 2])
  assert.equal(lost.length, 1)
})

test('records that were appended together are published once each', async context => {
  const { spool, drain, published, acknowledge } = await openWorld(context)
  const pairs = Array.from({ length: 20 }, (_, pair) => [record(2 * pair), record(2 * pair + 1)])
  for (const pair of pairs) drain.appended(spool.append(pair)!, pair, 'later')
  acknowledge()
  await drain.drained(10_000)
  assert.deepEqual(published, recordsOf(40).map(indexOf))
  assert.equal(spool.records, 0)
})

test('records that cannot be read from the disk now are published once they can', async context => {
  const { folder, drain, published, unread, lost, add, acknowledge } = await openWorld(context, {
    windowBytes: 5 * frameBytes(record(0)),
  })
  for (let index = 0; index < 30; index += 1) void add(index)
  const away = `${folder}.away`
  context.after(() => rm(away, { recursive: true, force: true }))
  await rename(folder, away)
  acknowledge()
  while (unread.length === 0) await sleep(1)
  await rename(away, folder)
  await drain.drained(10_000)
  assert.deepEqual(published, recordsOf(30).map(indexOf))
  assert.deepEqual(lost, [])
})
