import { setTimeout as pause } from 'node:timers/promises'

import { CordonError } from '@cordon/foundation'
import type { TopicName } from '@cordon/schemas'
import type { DecodedRecord, Follower, LogRecord, RecordCodec, StreamClient } from '@cordon/stream'
import { SchemaMissing } from '@cordon/stream'

import { revocationFactOf, type ReadStatement } from './revocation-fact.ts'
import { factOf, type LiveFact } from './session-fact.ts'

/** Feeds what happens from now on. */
export interface FactFeed {
  close(): Promise<void>
}

export interface FactFeedOptions {
  readonly client: Pick<StreamClient, 'admin' | 'openFollower'>
  readonly codec: RecordCodec
  /** What is said of the kill switch counts only where identity signed it. */
  readonly readStatement: ReadStatement
  readonly onFact: (fact: LiveFact) => void
  /** A record is none that can be read, and is left out. */
  readonly onSkipped: (reason: string) => void
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
  const atStart = await client.admin.endOffsets(topic)
  const onRecords = async (partition: number, records: readonly LogRecord[]): Promise<void> => {
    for (const record of records)
      await feedRecord(record, record.offset >= (atStart.get(partition) ?? 0n), options)
  }
  const open = async (): Promise<Follower> => {
    const ends = await client.admin.endOffsets(topic)
    const from = topic === 'revocations' ? new Map(Array.from(ends.keys(), each => [each, 0n])) : ends
    return client.openFollower({ topic, from, maxWaitMs, onRecords })
  }
  let isClosed = false
  let follower = await open()
  const watch = (): void => {
    follower.failed.catch((error: unknown) => {
      if (isClosed) return
      options.onInterrupted(topic, reasonOf(error))
      void reopen()
    })
  }
  const reopen = async (): Promise<void> => {
    await pause(retryMs, undefined, { ref: false })
    if (isClosed) return
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
      isClosed = true
      await follower.close()
    },
  }
}

const feedRecord = async (
  record: LogRecord,
  isNew: boolean,
  { codec, readStatement, onFact, onSkipped }: FactFeedOptions,
): Promise<void> => {
  let fact: LiveFact | undefined
  try {
    const decoded = await decode(codec, record)
    fact =
      decoded?.name === 'Revocation'
        ? await revocationFactOf(decoded.value, isNew, readStatement)
        : factOf(decoded, record.timestamp)
  } catch (error) {
    if (!(error instanceof CordonError)) throw error
    onSkipped(`${record.topic} ${record.partition}@${record.offset}: ${error.message}`)
  }
  if (fact !== undefined) onFact(fact)
}

const decode = async (codec: RecordCodec, { value }: LogRecord): Promise<DecodedRecord | undefined> => {
  if (value === null) return undefined
  try {
    return codec.decode(value)
  } catch (error) {
    if (!(error instanceof SchemaMissing)) throw error
    await codec.prepare(error)
    return codec.decode(value)
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
