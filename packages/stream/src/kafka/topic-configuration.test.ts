import assert from 'node:assert/strict'
import { test } from 'node:test'

import { topicCatalogue } from '@cordon/schemas'

import { mismatches, topicConfiguration } from './topic-configuration.ts'

const options = { partitions: 6, replicationFactor: 3, minInSyncReplicas: 2 }
const events = topicCatalogue['session-events']

test('a topic that was created by it fits', () => {
  for (const spec of Object.values(topicCatalogue)) {
    const standing = { partitions: 6, configuration: topicConfiguration(spec, options) }
    assert.deepEqual(mismatches(spec, options, standing), [])
  }
})

test('every mismatch is named with expected and got', () => {
  const configuration = {
    'cleanup.policy': 'compact',
    'message.timestamp.type': 'CreateTime',
    'max.message.bytes': '1000',
  }
  assert.deepEqual(mismatches(events, options, { partitions: 5, configuration }), [
    'session-events: expected partitions 6, got 5',
    'session-events: expected cleanup.policy delete, got compact',
    'session-events: expected message.timestamp.type LogAppendTime, got CreateTime',
    'session-events: expected max.message.bytes of at least 1048576, got 1000',
  ])
})

test('a larger message size and other retention are the operator’s business', () => {
  const configuration = {
    ...topicConfiguration(events, options),
    'max.message.bytes': '9999999',
    'retention.ms': '1',
  }
  assert.deepEqual(mismatches(events, options, { partitions: 6, configuration }), [])
})

test('short-lived records lie in segments shorter than their retention', () => {
  const verdicts = topicConfiguration(topicCatalogue['gate-verdicts'], options)
  assert.ok(Number(verdicts['segment.ms']) < Number(verdicts['retention.ms']))
})

test('overrides win', () => {
  const configuration = topicConfiguration(events, { ...options, overrides: { 'segment.ms': '500' } })
  assert.equal(configuration['segment.ms'], '500')
})
