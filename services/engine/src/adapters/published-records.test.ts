import assert from 'node:assert/strict'
import { test } from 'node:test'

import { topicCatalogue } from '@cordon/schemas'
import { createMemoryClient, MemoryCluster } from '@cordon/stream'

import { readPublished } from './published-records.ts'

const topic = 'session-events'

const openWorld = () => {
  const cluster = new MemoryCluster()
  cluster.ensureTopic(topicCatalogue[topic], 2)
  const client = createMemoryClient({ cluster })
  return {
    cluster,
    append: (partition: number, ...names: readonly string[]) =>
      cluster.append(
        topic,
        partition,
        names.map(name => ({ key: 'k', value: Buffer.from(name) })),
      ),
    /** Which of these stand in the log from these offsets on. */
    found: async (from: readonly (readonly [number, bigint])[], ...names: readonly string[]) => {
      const published = await readPublished(client, topic, new Map(from))
      return names.filter(name => published.has(Buffer.from(name)))
    },
  }
}

test('what stands in the log from the given offsets on is found, and nothing else', async () => {
  const { append, found } = openWorld()
  append(0, 'a', 'b', 'c')
  append(1, 'd')
  assert.deepEqual(await found([[0, 1n]], 'a', 'b', 'c', 'd'), ['b', 'c'])
  assert.deepEqual(await found([[0, 3n]], 'a'), [])
})

/**
 * @fault the engine was killed, and retention has taken what the log had where the engine looks for its last records
 * @behaviour it starts all the same, and looks from where the log begins now; what it had not seen acknowledged is published
 * @counter none: `cordon_engine_records_recovered_total` counts them, as after every kill
 */
test('a log that begins later than the offset is read from its beginning, the others from theirs', async () => {
  const { cluster, append, found } = openWorld()
  append(0, 'a', 'b')
  cluster.forget()
  append(0, 'c')
  append(1, 'd', 'e')
  const from = [
    [0, 1n],
    [1, 1n],
  ] as const
  assert.deepEqual(await found(from, 'a', 'b', 'c', 'd', 'e'), ['c', 'e'])
})

test('a log that has lost everything is read at once', async () => {
  const { cluster, append, found } = openWorld()
  append(0, 'a', 'b')
  cluster.forget()
  assert.deepEqual(await found([[0, 1n]], 'a', 'b'), [])
})
