import { createHash } from 'node:crypto'

import type { TopicName } from '@cordon/schemas'
import { StreamError, type StreamClient } from '@cordon/stream'

const maxWaitMs = 100

const digestOf = (value: Buffer): string => createHash('sha256').update(value).digest('base64')

/** What stands in some partitions of a topic. */
export interface PublishedRecords {
  has(value: Buffer): boolean
}

/**
 * Reads partitions from given offsets up to their present ends. Where the log does not reach back to an offset any more
 * (retention), from where it begins: what it has lost is not known to be there.
 * @throws StreamError
 */
export const readPublished = async (
  client: Pick<StreamClient, 'admin' | 'openFollower'>,
  topic: TopicName,
  from: ReadonlyMap<number, bigint>,
): Promise<PublishedRecords> => {
  const digests = new Set<string>()
  const ends = await client.admin.endOffsets(topic)
  const endOf = (partition: number): bigint => ends.get(partition) ?? 0n

  /** @returns partitions whose log begins later */
  const read = async (places: ReadonlyMap<number, bigint>): Promise<readonly number[]> => {
    const cutOff: number[] = []
    const waitsFor = new Set(places.keys())
    if (waitsFor.size === 0) return cutOff
    const caughtUp = Promise.withResolvers<void>()
    const arrive = (partition: number): void => {
      waitsFor.delete(partition)
      if (waitsFor.size === 0) caughtUp.resolve()
    }
    const follower = await client.openFollower({
      topic,
      from: places,
      maxWaitMs,
      onRecords(partition, records) {
        for (const { value } of records) if (value !== null) digests.add(digestOf(value))
        if (records.at(-1)!.offset + 1n >= endOf(partition)) arrive(partition)
      },
      onPartitionFailed(partition, error) {
        if (!(error instanceof StreamError) || error.code !== 'OFFSET_OUT_OF_RANGE')
          return caughtUp.reject(error)
        cutOff.push(partition)
        arrive(partition)
      },
    })
    // Of a log that has lost everything no record tells that its end is reached.
    const look = setInterval(() => {
      for (const partition of waitsFor)
        if (follower.position(partition) >= endOf(partition)) arrive(partition)
    }, maxWaitMs)
    try {
      await Promise.race([caughtUp.promise, follower.failed])
    } finally {
      clearInterval(look)
      await follower.close()
    }
    return cutOff
  }

  const cutOff = await read(new Map([...from].filter(([partition, offset]) => offset < endOf(partition))))
  // Offset 0 says "from the start", wherever retention has moved it by now.
  await read(new Map(cutOff.map(partition => [partition, 0n])))
  return { has: value => digests.has(digestOf(value)) }
}
