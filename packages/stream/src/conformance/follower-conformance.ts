import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { FollowerOptions, LogRecord, StreamClient } from '../ports.ts'
import { StreamError } from '../stream-error.ts'
import { openClients } from './conformance-clients.ts'
import type { OpenConformanceClients } from './conformance-clients.ts'
import { eventually } from './eventually.ts'

const topic = 'session-events'

export const followerConformance = (open: OpenConformanceClients): void => {
  describe('follows', () => {
    test('partitions from the offsets it is given, and what comes later', async t => {
      const client = (await openClients(open, t, [topic], 2))()
      await publish(client, 0, 'a', 'b', 'c')
      await publish(client, 1, 'd')
      const { seen, follower } = await follow(client, [
        [0, 1n],
        [1, 0n],
      ])
      await eventually('what stands there', () => seen.length === 3)
      await publish(client, 1, 'e')
      await eventually('what came later', () => seen.length === 4)
      assert.deepEqual(seen.toSorted(), ['0 b', '0 c', '1 d', '1 e'])
      await eventually('its positions', () => follower.position(0) === 3n && follower.position(1) === 2n)
    })

    test('no partition until it is told to, and none that it is told to leave', async t => {
      const client = (await openClients(open, t, [topic], 2))()
      await publish(client, 0, 'a')
      const { seen, follower } = await follow(client, [])
      follower.follow(0, 0n)
      await eventually('partition 0', () => seen.length === 1)
      follower.unfollow(0)
      await publish(client, 0, 'b')
      follower.follow(1, 0n)
      await publish(client, 1, 'c')
      await eventually('partition 1', () => seen.length === 2)
      assert.deepEqual(seen, ['0 a', '1 c'])
      follower.follow(1, 0n)
      await eventually('partition 1 again', () => seen.length === 3)
    })

    test('no further while its handler is busy with a partition', async t => {
      const client = (await openClients(open, t, [topic]))()
      const { promise, resolve } = Promise.withResolvers<void>()
      const { seen, follower } = await follow(client, [[0, 0n]], async () => await promise)
      await publish(client, 0, 'a')
      await eventually('the first', () => seen.length === 1)
      await publish(client, 0, 'b', 'c')
      assert.deepEqual(seen, ['0 a'])
      assert.equal(follower.position(0), 0n)
      resolve()
      await eventually('the rest', () => follower.position(0) === 3n)
      assert.deepEqual(seen, ['0 a', '0 b', '0 c'])
    })

    test('no further when its handler fails, and says why', async t => {
      const client = (await openClients(open, t, [topic]))()
      const broken = new RangeError('broken handler')
      const { follower } = await follow(client, [[0, 0n]], async () => await Promise.reject(broken))
      const failed = assert.rejects(follower.failed, broken)
      await publish(client, 0, 'a')
      await failed
    })

    test('the others where one cannot be followed any further, and says which', async t => {
      const client = (await openClients(open, t, [topic], 3))()
      const failures: string[] = []
      const seen: string[] = []
      const follower = await client.openFollower({
        topic,
        from: new Map([
          [0, 9n],
          [1, 0n],
          [2, 0n],
        ]),
        maxWaitMs: 100,
        onRecords: async partition => {
          seen.push(String(partition))
          if (partition === 1) throw new RangeError('broken handler')
        },
        onPartitionFailed: (partition, error) =>
          failures.push(`${partition} ${error instanceof StreamError ? error.code : String(error)}`),
      })
      await publish(client, 1, 'a')
      await eventually('both failures', () => failures.length === 2)
      assert.deepEqual(failures.toSorted(), ['0 OFFSET_OUT_OF_RANGE', '1 RangeError: broken handler'])
      await publish(client, 2, 'b')
      await eventually('the third', () => seen.includes('2'))
      follower.follow(0, 0n)
      await publish(client, 0, 'c')
      await eventually('the first, from where it is followed now', () => seen.includes('0'))
    })

    test('no partition that does not exist, and no offset beyond the end', async t => {
      const client = (await openClients(open, t, [topic]))()
      await assert.rejects(follow(client, [[3, 0n]]), { code: 'TOPIC_UNKNOWN' })
      const { follower } = await follow(client, [[0, 9n]])
      await assert.rejects(follower.failed, { code: 'OFFSET_OUT_OF_RANGE' })
    })
  })
}

const publish = async (client: StreamClient, partition: number, ...keys: string[]): Promise<void> => {
  const publisher = await client.openPublisher()
  await publisher.publish(keys.map(key => ({ topic, partition, key, value: Buffer.from(key) })))
  await publisher.close()
}

const follow = async (
  client: StreamClient,
  from: readonly (readonly [number, bigint])[],
  handle: FollowerOptions['onRecords'] = () => {},
) => {
  const seen: string[] = []
  const onRecords = (partition: number, records: readonly LogRecord[]): Promise<void> | void => {
    seen.push(...records.map(({ key }) => `${partition} ${String(key)}`))
    return handle(partition, records)
  }
  const follower = await client.openFollower({ topic, from: new Map(from), maxWaitMs: 100, onRecords })
  return { seen, follower }
}
