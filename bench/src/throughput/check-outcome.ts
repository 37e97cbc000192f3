import type { TopicName } from '@cordon/schemas'
import { reservedKeyPrefix, type LogRecord, type RecordCodec, type StreamClient } from '@cordon/stream'

/** Of the scoring; the profiler writes to the last one too, but only after a quarantine, which is longer than the bench. */
const outputTopics: readonly TopicName[] = [
  'session-decisions',
  'gate-verdicts',
  'security-signals',
  'baseline-contributions',
]
/** More than the records of one commit. */
const tailRecords = 5000n
const positionKey = `${reservedKeyPrefix}position`

/** What the topics hold after a run, read back. */
export interface Outcome {
  readonly outputs: number
  /** Of every partition: the committed position is the end of the input. */
  readonly isAtEnd: boolean
}

export const checkOutcome = async (client: StreamClient, codec: RecordCodec): Promise<Outcome> => {
  let outputs = 0
  for (const topic of outputTopics) {
    const ends = await client.admin.endOffsets(topic)
    const from = new Map([...ends.keys()].map(partition => [partition, 0n]))
    await readTo(client, topic, from, ends, ({ key }) => {
      if (key?.[0] !== 0) outputs += 1
    })
  }
  const positions = new Map<number, bigint>()
  const stateEnds = await client.admin.endOffsets('scorer-state')
  const tails = new Map(
    [...stateEnds].map(([partition, end]) => [partition, end > tailRecords ? end - tailRecords : 0n]),
  )
  await readTo(client, 'scorer-state', tails, stateEnds, ({ key, value, partition }) => {
    if (value === null || key?.toString() !== positionKey) return
    const record = codec.decode(value)
    if (record.name === 'Position') positions.set(partition, BigInt(record.value.offset))
  })
  const ends = await client.admin.endOffsets('session-events')
  return { outputs, isAtEnd: [...ends].every(([partition, end]) => positions.get(partition) === end) }
}

/** Reads partitions from where is said to their ends. */
const readTo = async (
  client: StreamClient,
  topic: TopicName,
  from: ReadonlyMap<number, bigint>,
  ends: ReadonlyMap<number, bigint>,
  onRecord: (record: LogRecord) => void,
): Promise<void> => {
  const open = new Set([...ends].filter(([partition, end]) => from.get(partition)! < end).map(([p]) => p))
  if (open.size === 0) return
  const finished = Promise.withResolvers<void>()
  const follower = await client.openFollower({
    topic,
    from,
    maxWaitMs: 100,
    onRecords: (partition, records) => {
      for (const record of records) onRecord(record)
      if (records.at(-1)!.offset + 1n >= ends.get(partition)!) open.delete(partition)
      if (open.size === 0) finished.resolve()
    },
  })
  await Promise.race([finished.promise, follower.failed])
  await follower.close()
}
