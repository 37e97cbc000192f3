import { createHash } from 'node:crypto'

import type { TopicName } from '@cordon/schemas'
import type { StreamClient } from '@cordon/stream'

const maxWaitMs = 100

const digestOf = (value: Buffer): string => createHash('sha256').update(value).digest('base64')

/** What stands in some partitions of a topic. */
export interface PublishedRecords {
  has(value: Buffer): boolean
}

/**
 * Reads partitions from given offsets up to their present ends.
 * @throws StreamError
 */
export const readPublished = async (
  client: Pick<StreamClient, 'admin' | 'openFollower'>,
  topic: TopicName,
  from: ReadonlyMap<number, bigint>,
): Promise<PublishedRecords> => {
  const digests = new Set<string>()
  const ends = await client.admin.endOffsets(topic)
  const behind = new Map([...from].filter(([partition, offset]) => offset < (ends.get(partition) ?? 0n)))
  if (behind.size > 0) {
    const caughtUp = Promise.withResolvers<void>()
    const waitsFor = new Set(behind.keys())
    const follower = await client.openFollower({
      topic,
      from: behind,
      maxWaitMs,
      onRecords(partition, records) {
        for (const { value } of records) if (value !== null) digests.add(digestOf(value))
        if (records.at(-1)!.offset + 1n >= ends.get(partition)!) waitsFor.delete(partition)
        if (waitsFor.size === 0) caughtUp.resolve()
      },
    })
    try {
      await Promise.race([caughtUp.promise, follower.failed])
    } finally {
      await follower.close()
    }
  }
  return { has: value => digests.has(digestOf(value)) }
}
