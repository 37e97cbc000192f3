import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { topicCatalogue } from '@cordon/schemas'
import type { TopicName } from '@cordon/schemas'

import { ensureTopics, openClients } from './conformance-clients.ts'
import type { OpenConformanceClients } from './conformance-clients.ts'

export const adminConformance = (open: OpenConformanceClients): void => {
  describe('creates topics', () => {
    test('once, and leaves them alone after that', async t => {
      const { admin, ...client } = (await openClients(open, t, ['session-events'], 3))()
      await ensureTopics({ admin, ...client }, ['session-events', 'dead-letters'], 3)
      assert.equal(await admin.partitionCount('session-events'), 3)
      assert.equal(await admin.partitionCount('dead-letters'), 3)
      const ends = await admin.endOffsets('session-events')
      assert.deepEqual(
        [0, 1, 2].map(partition => ends.get(partition)),
        [0n, 0n, 0n],
      )
    })

    test('and refuses one with another number of partitions', async t => {
      const client = (await openClients(open, t, ['session-events'], 2))()
      await assert.rejects(ensureTopics(client, ['session-events'], 3), {
        code: 'TOPIC_MISMATCH',
        message: /expected partitions 3, got 2/,
      })
    })

    test('and refuses to work with some that are not partitioned alike', async t => {
      const client = (await openClients(open, t, ['session-events'], 2))()
      await ensureTopics(client, ['dead-letters'], 2)
      await ensureTopics(client, ['session-decisions'], 3)
      const require = async (...names: readonly TopicName[]) =>
        client.admin.requireTopics(names.map(name => topicCatalogue[name]))
      await require('session-events', 'dead-letters')
      await assert.rejects(require('session-events', 'dead-letters', 'session-decisions'), {
        code: 'TOPIC_MISMATCH',
        message: 'topics: session-decisions: expected partitions 2, got 3',
      })
    })
  })
}
