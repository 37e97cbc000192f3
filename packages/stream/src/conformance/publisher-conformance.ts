import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { LogRecord, OutgoingRecord, StreamClient } from '../ports.ts'
import { openClients } from './conformance-clients.ts'
import type { OpenConformanceClients } from './conformance-clients.ts'

const topic = 'session-events'

export const publisherConformance = (open: OpenConformanceClients): void => {
  describe('publishes', () => {
    test('and resolves with the offsets in the order of the records', async t => {
      const client = (await openClients(open, t, [topic], 2))()
      const publisher = await client.openPublisher()
      const records = [record(0, 'a'), record(1, 'b'), record(0, 'c')]
      assert.deepEqual(await publisher.publish(records), [0n, 0n, 1n])
      assert.deepEqual(await publisher.publish([record(1, 'd')]), [1n])
      assert.deepEqual(await publisher.publish([]), [])
      assert.equal(publisher.pending, 0)
    })

    test('keys, values, empty values and tombstones as they are', async t => {
      const client = (await openClients(open, t, [topic]))()
      const publisher = await client.openPublisher()
      const before = Date.now()
      await publisher.publish([
        record(0, '\0kéy', Buffer.from([0, 255])),
        record(0, '', Buffer.alloc(0)),
        record(0, 'gone', null),
      ])
      const read = await readAll(client)
      assert.deepEqual(
        read.map(({ key, value, offset, partition }) => [String(key), value, offset, partition]),
        [
          ['\0kéy', Buffer.from([0, 255]), 0n, 0],
          ['', Buffer.alloc(0), 1n, 0],
          ['gone', null, 2n, 0],
        ],
      )
      for (const { timestamp } of read) assert.ok(timestamp >= before && timestamp <= Date.now())
    })

    test('in the order of the calls', async t => {
      const client = (await openClients(open, t, [topic]))()
      const publisher = await client.openPublisher()
      const keys = Array.from({ length: 300 }, (_, index) => `${index}`)
      await Promise.all(keys.map(async key => await publisher.publish([record(0, key)])))
      assert.deepEqual(
        (await readAll(client)).map(({ key }) => String(key)),
        keys,
      )
    })

    test('no record that is too large, and goes on', async t => {
      const publisher = await (await openClients(open, t, [topic]))().openPublisher()
      const large = record(0, 'large', Buffer.alloc(2_000_000))
      await assert.rejects(publisher.publish([large]), { code: 'RECORD_TOO_LARGE' })
      assert.deepEqual(await publisher.publish([record(0, 'small')]), [0n])
    })

    test('to no partition that does not exist', async t => {
      const publisher = await (await openClients(open, t, [topic]))().openPublisher()
      await assert.rejects(publisher.publish([record(7, 'lost')]), { code: 'TOPIC_UNKNOWN' })
    })

    test('what is pending when it closes, and nothing after that', async t => {
      const client = (await openClients(open, t, [topic]))()
      const publisher = await client.openPublisher()
      const published = publisher.publish([record(0, 'last')])
      await new Promise(resolve => setImmediate(resolve))
      await publisher.close()
      assert.deepEqual(await published, [0n])
      await assert.rejects(publisher.publish([record(0, 'late')]), { code: 'CLOSED' })
    })
  })
}

const record = (partition: number, key: string, value: Buffer | null = Buffer.from(key)): OutgoingRecord => ({
  topic,
  partition,
  key,
  value,
})

const readAll = async (client: StreamClient): Promise<LogRecord[]> => {
  const seen: LogRecord[] = []
  const table = await client.openTable({ topic, maxWaitMs: 100, onRecord: read => seen.push(read) })
  await table.caughtUp
  await table.close()
  return seen
}
