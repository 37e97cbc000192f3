import assert from 'node:assert/strict'
import { test } from 'node:test'

import { plainKafkaJs } from '../support/plain-kafkajs.ts'
import { eventually } from '../support/eventually.ts'
import { committedUpTo } from './recomputation.ts'
import { openScorerWorld } from './scorer-world.ts'

const takeOverMs = 30_000

/**
 * @fault events of one partition are gone from the log before they were scored (retention, a cut log)
 * @behaviour that partition's task says so and tries again, its sessions become stale; the other partitions notice nothing
 * @counter cordon_scorer_failures_total
 */
test('input that is gone before it was scored stops its own partition, and no other', async t => {
  const world = await openScorerWorld(t, 2)
  const first = await world.startScorer()
  await eventually('both partitions', () => first.takenOver.length === 2, takeOverMs)
  await eventually('a commit', async () => (await committedUpTo(world, 0)) > 0, takeOverMs)
  assert.equal(await first.stop(), 0)

  const publisher = await world.client.openPublisher()
  const unseen = { topic: 'session-events', partition: 0, key: 'k', value: Buffer.from('unseen') } as const
  await publisher.publish([unseen, unseen, unseen])
  const end = (await world.client.admin.endOffsets('session-events')).get(0)!
  const admin = plainKafkaJs().admin()
  t.after(async () => await admin.disconnect())
  await admin.connect()
  const topic = `${world.topicPrefix}session-events`
  // kafkajs deletes only from topics that it has asked about.
  await admin.fetchTopicOffsets(topic)
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(end) }] })

  const second = await world.startScorer()
  const takeOversOf = (partition: number): number =>
    second.takenOver.filter(taken => taken === partition).length
  await eventually('several attempts', () => takeOversOf(0) >= 3, takeOverMs)
  const before = await committedUpTo(world, 1)
  await eventually('the other to go on', async () => (await committedUpTo(world, 1)) > before)
  assert.equal(takeOversOf(1), 1)
  assert.match(await second.ask('/metrics'), /^cordon_scorer_failures_total [1-9]/m)
  assert.ok(second.complaints.some(line => /expected an offset of the log, got/.test(line)))
})
