import assert from 'node:assert/strict'
import { test } from 'node:test'

import { topicCatalogue } from '@cordon/schemas'
import { openKafkaClient } from '@cordon/stream'

import { recordedLog } from '../support/recorded-log.ts'
import { openTestStream } from '../support/test-stream.ts'

const options = { partitions: 2, replicationFactor: 1, minInSyncReplicas: 1 }
const events = topicCatalogue['session-events']
const decisions = topicCatalogue['session-decisions']

test('creates what is missing, and is content with what it finds', async t => {
  const { client, log } = await openTestStream(t)
  await client.admin.ensureTopics([events], options)
  await client.admin.ensureTopics(Object.values(topicCatalogue), options)
  await client.admin.ensureTopics(Object.values(topicCatalogue), options)
  assert.equal(await client.admin.partitionCount('session-events'), 2)
  assert.deepEqual(
    await client.admin.endOffsets('dead-letters'),
    new Map([
      [0, 0n],
      [1, 0n],
    ]),
  )
  assert.deepEqual(log.lines, [])
})

test('several services may start at once', async t => {
  const { openClient, log } = await openTestStream(t)
  const starts = Array.from({ length: 4 }, async () => {
    await openClient().admin.ensureTopics(Object.values(topicCatalogue), options)
  })
  await Promise.all(starts)
  assert.deepEqual(log.complaints, [])
})

test('refuses another partition count', async t => {
  const { client } = await openTestStream(t)
  await client.admin.ensureTopics([events], options)
  await assert.rejects(client.admin.ensureTopics([events], { ...options, partitions: 3 }), {
    code: 'TOPIC_MISMATCH',
    message: 'topics: session-events: expected partitions 3, got 2',
  })
})

test('refuses another cleanup policy and another timestamp type', async t => {
  const { client } = await openTestStream(t)
  await client.admin.ensureTopics([events, decisions], options)
  const wanted = [
    { ...events, timestamp: 'CreateTime' as const },
    { ...decisions, cleanup: 'delete' as const },
  ]
  await assert.rejects(client.admin.ensureTopics(wanted, options), {
    code: 'TOPIC_MISMATCH',
    message:
      'topics: session-events: expected message.timestamp.type CreateTime, got LogAppendTime; ' +
      'session-decisions: expected cleanup.policy delete, got compact',
  })
})

test('says that a topic does not exist', async t => {
  const { client } = await openTestStream(t)
  await assert.rejects(client.admin.partitionCount('session-events'), { code: 'TOPIC_UNKNOWN' })
})

test('says that no broker answers', async () => {
  const settings = { brokers: ['127.0.0.1:1'], clientId: 'test', topicPrefix: '' }
  const client = openKafkaClient(settings, { log: recordedLog(), tuning: { openTimeoutMs: 200 } })
  await assert.rejects(client.admin.partitionCount('session-events'), {
    code: 'TRANSIENT_FAULT',
    message: /^kafka at 127\.0\.0\.1:1: expected an answer, got KafkaJSConnectionError .*ECONNREFUSED/v,
  })
  await client.close()
})
