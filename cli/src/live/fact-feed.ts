import { setTimeout as pause } from 'node:timers/promises'

import { CordonError } from '@cordon/foundation'
import type { TopicName } from '@cordon/schemas'
import type { Follower, LogRecord, StreamClient } from '@cordon/stream'

import { openRecordFeed, type RecordFeedOptions } from './record-feed.ts'

/** Feeds what happens from now on. */
export interface FactFeed {
  close(): Promise<void>
}

export interface FactFeedOptions extends RecordFeedOptions {
  readonly client: Pick<StreamClient, 'admin' | 'openFollower'>
  /** A topic could not be followed any further; it is taken up again at its end. */
  readonly onInterrupted: (topic: TopicName, reason: string) => void
  /** Before it is taken up again. */
  readonly retryMs?: number
}

const topics = [
  'session-events',
  'session-decisions',
  'gate-verdicts',
  'agent-baselines',
  'revocations',
] as const satisfies readonly TopicName[]
const maxWaitMs = 500

/** Follows the topics from their ends, `revocations` whole, for what was stopped before is stopped; resolves when it does. */
export const openFactFeed = async (options: FactFeedOptions): Promise<FactFeed> => {
  const feeds = await Promise.all(topics.map(topic => openTopicFeed(topic, options)))
  return {
    close: async () => {
      await Promise.all(feeds.map(feed => feed.close()))
    },
  }
}

const openTopicFeed = async (topic: TopicName, options: FactFeedOptions): Promise<FactFeed> => {
  const { client, retryMs = 1000 } = options
  const closing = new AbortController()
  const tellInterrupted = (error: unknown): void => options.onInterrupted(topic, reasonOf(error))
  const feedRecord = openRecordFeed(options, closing.signal, tellInterrupted)
  const atStart = await client.admin.endOffsets(topic)
  const onRecords = async (partition: number, records: readonly LogRecord[]): Promise<void> => {
    for (const record of records) await feedRecord(record, record.offset >= (atStart.get(partition) ?? 0n))
  }
  const open = async (): Promise<Follower> => {
    const ends = await client.admin.endOffsets(topic)
    const from = topic === 'revocations' ? new Map(Array.from(ends.keys(), each => [each, 0n])) : ends
    return client.openFollower({ topic, from, maxWaitMs, onRecords })
  }
  let follower = await open()
  const watch = (): void => {
    follower.failed.catch((error: unknown) => {
      if (closing.signal.aborted) return
      tellInterrupted(error)
      void reopen()
    })
  }
  const reopen = async (): Promise<void> => {
    await pause(retryMs, undefined, { ref: false })
    if (closing.signal.aborted) return
    try {
      follower = await open()
    } catch (error) {
      // It was said that the topic is not followed; that it still is not would be no news.
      if (!(error instanceof CordonError)) throw error
      return reopen()
    }
    watch()
  }
  watch()
  return {
    close: async () => {
      closing.abort()
      await follower.close()
    },
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
