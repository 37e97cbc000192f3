import assert from 'node:assert/strict'
import { test } from 'node:test'

import { topicCatalogue } from '@cordon/schemas'
import type { TopicSpec } from '@cordon/schemas'

import { misfits, mismatches, topicConfiguration } from './topic-configuration.ts'

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

test('a service works with any partition count and any clock, but not with topics of different ones', () => {
  const { 'session-decisions': decisions } = topicCatalogue
  const standing = (spec: TopicSpec, partitions: number, overrides: Record<string, string> = {}) =>
    [spec.name, { partitions, configuration: topicConfiguration(spec, { ...options, overrides }) }] as const
  const recorded = standing(events, 9, { 'message.timestamp.type': 'CreateTime' })
  assert.deepEqual(misfits([events, decisions], new Map([recorded, standing(decisions, 9)])), [])
  const forgetful = standing(decisions, 8, { 'cleanup.policy': 'delete', 'max.message.bytes': '1' })
  assert.deepEqual(misfits([events, decisions], new Map([recorded, forgetful])), [
    'session-decisions: expected partitions 9, got 8',
    'session-decisions: expected cleanup.policy compact, got delete',
    'session-decisions: expected max.message.bytes of at least 1048576, got 1',
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
