import type { TopicName, TopicSpec } from '@cordon/schemas'

import type { TopicOptions } from '../ports.ts'
import { maxMessageBytes } from './kafka-tuning.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const mebibyte = 1024 * 1024

/** The broker's settings that a topic is created with. */
export const topicConfiguration = (
  spec: TopicSpec,
  options: TopicOptions,
): Readonly<Record<string, string>> => ({
  'cleanup.policy': spec.cleanup,
  'message.timestamp.type': spec.timestamp,
  'max.message.bytes': String(maxMessageBytes),
  'min.insync.replicas': String(options.minInSyncReplicas),
  // A replica that lags must not lead: it would take back what was acknowledged.
  'unclean.leader.election.enable': 'false',
  'compression.type': 'producer',
  ...(spec.cleanup === 'compact' ? compacted(spec) : deleted(spec)),
  ...options.overrides,
})

// The segment that is being written is never cleaned: small ones keep restoring short.
const compacted = ({ retentionMs }: TopicSpec): Record<string, string> => ({
  'delete.retention.ms': String(retentionMs),
  'segment.ms': String(hourMs),
  'segment.bytes': String(64 * mebibyte),
  'min.cleanable.dirty.ratio': '0.1',
})

// Records go away by whole segments, so a segment must not outlive the retention by much.
const deleted = ({ retentionMs }: TopicSpec): Record<string, string> => ({
  'retention.ms': String(retentionMs),
  'segment.ms': String(Math.max(minuteMs, Math.min(dayMs, Math.floor(retentionMs / 4)))),
})

/** A topic as it stands on the cluster. */
export interface StandingTopic {
  readonly partitions: number
  readonly configuration: Readonly<Record<string, string>>
}

/** What of a standing topic does not fit how it is created, one line each; empty when it fits. */
export const mismatches = (
  spec: TopicSpec,
  options: TopicOptions,
  standing: StandingTopic,
): readonly string[] => {
  const wanted = topicConfiguration(spec, options)
  return [
    ...difference(spec, 'partitions', options.partitions, standing.partitions),
    ...['cleanup.policy', 'message.timestamp.type'].flatMap(name =>
      difference(spec, name, wanted[name], standing.configuration[name]),
    ),
    ...tooSmall(spec, Number(wanted['max.message.bytes']), standing),
  ]
}

/**
 * What of standing topics a service cannot work with. How many partitions there are, and whose time records carry, is the
 * business of whoever created them; that all have as many partitions as the first is not.
 */
export const misfits = (
  specs: readonly TopicSpec[],
  standing: ReadonlyMap<TopicName, StandingTopic>,
): readonly string[] => {
  const partitions = specs[0] && standing.get(specs[0].name)?.partitions
  return specs.flatMap(spec => {
    const topic = standing.get(spec.name)!
    const policy = topic.configuration['cleanup.policy']
    return [
      ...difference(spec, 'partitions', partitions, topic.partitions),
      ...difference(spec, 'cleanup.policy', spec.cleanup, policy),
      ...tooSmall(spec, maxMessageBytes, topic),
    ]
  })
}

type Value = string | number | undefined

const difference = (spec: TopicSpec, what: string, expected: Value, got: Value): readonly string[] =>
  expected === got ? [] : [`${spec.name}: expected ${what} ${expected}, got ${got ?? 'none'}`]

const tooSmall = (spec: TopicSpec, least: number, { configuration }: StandingTopic): readonly string[] => {
  const bytes = Number(configuration['max.message.bytes'])
  if (bytes >= least) return []
  return [`${spec.name}: expected max.message.bytes of at least ${least}, got ${bytes}`]
}
