import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { StreamClient } from '../ports.ts'
import { openClients } from './conformance-clients.ts'
import type { OpenConformanceClients } from './conformance-clients.ts'
import { eventually } from './eventually.ts'

const topic = 'session-decisions'

export const tableConformance = (open: OpenConformanceClients): void => {
  describe('reads tables', () => {
    test('that are empty: caught up at once', async t => {
      const { table, seen } = await openTable((await openClients(open, t, [topic], 2))())
      await table.caughtUp
      assert.deepEqual(seen, [])
      await table.close()
    })

    test('whole before they are caught up, and keeps up with them', async t => {
      const client = (await openClients(open, t, [topic], 2))()
      const publisher = await client.openPublisher()
      const keys = Array.from({ length: 1000 }, (_, index) => `${index}`)
      await publisher.publish(
        keys.map((key, index) => ({ topic, partition: index % 2, key, value: Buffer.from(key) })),
      )
      const { table, seen } = await openTable(client)
      await table.caughtUp
      assert.equal(seen.length, 1000)
      assert.equal(table.position(0), 500n)
      await publisher.publish([{ topic, partition: 1, key: 'gone', value: null }])
      await eventually('the tombstone', () => seen.includes('1 gone null'))
      assert.ok(table.maxStaleness < 5000)
      await table.close()
    })

    test('of some partitions only', async t => {
      const client = (await openClients(open, t, [topic], 2))()
      const publisher = await client.openPublisher()
      await publisher.publish(
        [0, 1].map(partition => ({ topic, partition, key: 'k', value: Buffer.from('v') })),
      )
      const { table, seen } = await openTable(client, [1])
      await table.caughtUp
      assert.deepEqual(seen, ['1 k v'])
      await table.close()
    })
  })
}

const openTable = async (client: StreamClient, partitions?: readonly number[]) => {
  const seen: string[] = []
  const table = await client.openTable({
    topic,
    maxWaitMs: 100,
    ...(partitions && { partitions }),
    onRecord: ({ partition, key, value }) => seen.push(`${partition} ${String(key)} ${String(value)}`),
  })
  return { table, seen }
}
