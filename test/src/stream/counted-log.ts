import assert from 'node:assert/strict'

import type { TopicName } from '@cordon/schemas'
import type { LogRecord, OutgoingRecord, StreamClient } from '@cordon/stream'
import { countingProcessor } from '@cordon/stream/fixtures/counting-processor'
import type { Count } from '@cordon/stream/fixtures/counting-processor'
import { plainCodec } from '@cordon/stream/fixtures/plain-codec'

/** What one partition's input amounts to, computed in one go by nobody but the processor. */
interface Expected {
  readonly states: ReadonlyMap<string, Count>
  /** In order, by topic. */
  readonly outputs: readonly OutgoingRecord[]
}

/** Nothing lost, nothing twice, one owner at a time: by what stands in the topics. */
export const requireCountedOnce = async (client: StreamClient, partitions: number): Promise<void> => {
  for (let partition = 0; partition < partitions; partition += 1) {
    const inputs = await read(client, 'session-events', partition)
    const changelog = await read(client, 'scorer-state', partition)
    const expected = compute(inputs)
    assert.ok(expected.states.size > 0)
    requireOneOwnerAtATime(changelog)
    assert.deepEqual(statesOf(changelog), expected.states)
    for (const topic of ['session-decisions', 'security-signals'] as const) {
      const outputs = expected.outputs.filter(output => output.topic === topic)
      // What comes again is what came before, word for word, because it names the offset that it follows from.
      const published = new Set((await read(client, topic, partition)).filter(isEntry).map(text))
      assert.deepEqual([...published], outputs.map(text))
    }
  }
}

/** Whether everything that stands in the input is committed, as of now. */
export const isCaughtUp = async (client: StreamClient, partitions: number): Promise<boolean> => {
  for (let partition = 0; partition < partitions; partition += 1) {
    const inputs = await read(client, 'session-events', partition)
    const changelog = await read(client, 'scorer-state', partition)
    const end = inputs.findLast(isEntry)?.offset ?? 0n
    const position = changelog.findLast(({ key }) => String(key) === '\0position')?.value
    const record = position && plainCodec().decode(position)
    if (record?.name !== 'Position' || BigInt(record.value.offset) <= end) return false
  }
  return true
}

/** Everything that stands in a partition. */
export const read = async (
  client: StreamClient,
  topic: TopicName,
  partition: number,
): Promise<LogRecord[]> => {
  const seen: LogRecord[] = []
  const onRecord = (record: LogRecord): void => void seen.push(record)
  const table = await client.openTable({ topic, partitions: [partition], maxWaitMs: 100, onRecord })
  await table.caughtUp
  await table.close()
  return seen
}

const compute = (inputs: readonly LogRecord[]): Expected => {
  const codec = plainCodec()
  const processor = countingProcessor(codec)
  const states = new Map<string, Count>()
  const outputs: OutgoingRecord[] = []
  for (const { partition, offset, timestamp, key, value } of inputs) {
    const record = codec.decode(value!)
    const input = { partition, offset, appendedAt: timestamp, key: String(key), record }
    const result = processor.process(input, { get: changed => states.get(changed), survey: nobodyAsks })
    for (const { key: changed, state } of result.changes) states.set(changed, state!)
    outputs.push(...result.outputs.map(output => output.record))
  }
  return { states, outputs }
}

const nobodyAsks = (): never => assert.fail('the counting processor has no index')

const statesOf = (changelog: readonly LogRecord[]): ReadonlyMap<string, Count> =>
  new Map(
    changelog.filter(isEntry).map(({ key, value }) => [String(key), JSON.parse(String(value)) as Count]),
  )

// A generation claims once, after all earlier ones; from its claim on nobody else commits.
const requireOneOwnerAtATime = (changelog: readonly LogRecord[]): void => {
  let owner = -1
  for (const { key, value } of changelog) {
    const name = String(key)
    if (name !== '\0claim' && name !== '\0position') continue
    const record = plainCodec().decode(value!)
    if (record.name === 'Claim') {
      assert.ok(record.value.generation > owner)
      owner = record.value.generation
    } else if (record.name === 'Position') {
      assert.equal(record.value.generation, owner)
    }
  }
}

const isEntry = ({ key }: Pick<LogRecord, 'key'>): boolean => !String(key).startsWith('\0')

const text = ({ key, value }: LogRecord | OutgoingRecord): string => `${String(key)}: ${String(value)}`
