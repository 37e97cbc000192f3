import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'

import { topicCatalogue, type TopicName } from '@cordon/schemas'
import { createLocalSerde } from '@cordon/serde'
import { createMemoryClient, MemoryCluster } from '@cordon/stream'

import { openFactFeed } from './fact-feed.ts'

const codec = createLocalSerde()
const ended = (sessionId: string): Buffer =>
  codec.encode('session-events', 'SessionEnded', { sessionId, endedAt: 1, reason: 'closed' })

const feedOf = async (t: TestContext, onFact: (sessionId: string) => void) => {
  const client = createMemoryClient({ cluster: new MemoryCluster() })
  await client.admin.ensureTopics(Object.values(topicCatalogue), {
    partitions: 2,
    replicationFactor: 1,
    minInSyncReplicas: 1,
  })
  const publisher = await client.openPublisher()
  const skipped: string[] = []
  const interrupted: (readonly [TopicName, string])[] = []
  const feed = await openFactFeed({
    client,
    codec,
    readStatement: () => Promise.resolve('forged'),
    onFact: fact => onFact('sessionId' in fact ? fact.sessionId : fact.kind),
    onSkipped: reason => skipped.push(reason),
    onInterrupted: (...interruption) => interrupted.push(interruption),
    retryMs: 10,
  })
  t.after(async () => {
    await feed.close()
    await client.close()
  })
  const publish = async (value: Buffer | null): Promise<void> => {
    await publisher.publish([{ topic: 'session-events', partition: 1, key: 'nobody', value }])
    await pause(1)
  }
  return { publish, skipped, interrupted }
}

test('a record that cannot be read is left out and told; those after it are shown', async t => {
  const seen: string[] = []
  const { publish, skipped, interrupted } = await feedOf(t, sessionId => seen.push(sessionId))
  // Of no format at all; of a schema that nobody knows; cut short.
  const unreadable = [
    Buffer.from('garbage'),
    Buffer.from([0, 0x7f, 0, 0, 1, 2]),
    ended('1.c').subarray(0, -3),
  ]
  for (const value of [ended('1.a'), ...unreadable, null, ended('1.b')]) await publish(value)
  assert.deepEqual(seen, ['1.a', '1.b'])
  assert.equal(skipped.length, 3)
  assert.match(skipped[0]!, /^session-events 1@1: .*expected/)
  assert.deepEqual(interrupted, [])
})

test('a topic that cannot be followed any further is told, and taken up again', async t => {
  const seen: string[] = []
  const { publish, interrupted } = await feedOf(t, sessionId => {
    if (sessionId === '1.bad') throw new RangeError('cannot be shown')
    seen.push(sessionId)
  })
  for (const id of ['1.a', '1.bad', '1.lost']) await publish(ended(id))
  assert.deepEqual(interrupted, [['session-events', 'cannot be shown']])
  await pause(50)
  await publish(ended('1.b'))
  assert.deepEqual(seen, ['1.a', '1.b'])
})
