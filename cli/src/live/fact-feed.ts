import type { DecodedRecord, LogRecord, RecordCodec, StreamClient } from '@cordon/stream'
import { SchemaMissing } from '@cordon/stream'
import type { TopicName } from '@cordon/schemas'

import type { SessionFact } from './session-fact.ts'

/** Feeds what happens from now on to `onFact`. */
export interface FactFeed {
  close(): Promise<void>
}

const topics = [
  'session-events',
  'session-decisions',
  'gate-verdicts',
] as const satisfies readonly TopicName[]
const maxWaitMs = 500

/** Follows the topics from their ends. */
export const openFactFeed = async (
  client: StreamClient,
  codec: RecordCodec,
  onFact: (fact: SessionFact) => void,
): Promise<FactFeed> => {
  const onRecords = async (_partition: number, records: readonly LogRecord[]): Promise<void> => {
    for (const record of records) {
      const fact = factOf(record, await decode(codec, record))
      if (fact !== undefined) onFact(fact)
    }
  }
  const followers = await Promise.all(
    topics.map(async topic =>
      client.openFollower({ topic, from: await client.admin.endOffsets(topic), maxWaitMs, onRecords }),
    ),
  )
  return {
    close: async () => {
      await Promise.all(followers.map(follower => follower.close()))
    },
  }
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

const factOf = (log: LogRecord, record: DecodedRecord | undefined): SessionFact | undefined => {
  switch (record?.name) {
    case 'SessionOpened':
      return { kind: 'opened', at: record.value.openedAt, ...record.value }
    case 'InvocationAttempted':
      return { kind: 'attempted', at: record.value.attemptedAt, ...record.value }
    case 'InvocationDenied':
      return { kind: 'denied', at: record.value.deniedAt, ...record.value }
    case 'SessionEnded':
      return { kind: 'ended', at: record.value.endedAt, ...record.value }
    case 'SessionDecision':
      // The record's own time says when the decision was made public; decidedAt is the time of its cause.
      return { kind: 'judged', at: log.timestamp, ...record.value }
    case 'GateVerdict':
      return { kind: 'judged', at: log.timestamp, ...record.value, causedBy: record.value.invocationId }
    default:
      return undefined
  }
}
