import type { TopicSpec } from '@cordon/schemas'

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

/** What of a standing topic Cordon cannot work with, one line each; empty when it fits. */
export const mismatches = (
  spec: TopicSpec,
  options: TopicOptions,
  standing: StandingTopic,
): readonly string[] => {
  const wanted = topicConfiguration(spec, options)
  const { configuration } = standing
  const found: string[] = []
  const compare = (what: string, expected: string | number, got: string | number | undefined): void => {
    if (expected !== got) found.push(`${spec.name}: expected ${what} ${expected}, got ${got ?? 'none'}`)
  }
  compare('partitions', options.partitions, standing.partitions)
  for (const name of ['cleanup.policy', 'message.timestamp.type'])
    compare(name, wanted[name]!, configuration[name])
  const bytes = Number(configuration['max.message.bytes'])
  if (!(bytes >= Number(wanted['max.message.bytes']))) {
    found.push(
      `${spec.name}: expected max.message.bytes of at least ${wanted['max.message.bytes']}, got ${bytes}`,
    )
  }
  return found
}
