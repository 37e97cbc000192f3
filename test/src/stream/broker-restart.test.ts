import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import type { AssignmentEpoch, LogRecord, StreamClient } from '@cordon/stream'

import { eventually } from '../support/eventually.ts'
import { startOwnBroker } from '../support/own-broker.ts'
import { openTestStream } from '../support/test-stream.ts'
import { isCaughtUp, read, requireCountedOnce } from './counted-log.ts'
import { runningIn, startCountingService } from './counting-service.ts'
import { startNumberLoad } from './number-load.ts'
import type { Acknowledged } from './number-load.ts'

const topics = [
  'session-events',
  'scorer-state',
  'session-decisions',
  'security-signals',
  'gate-verdicts',
  'dead-letters',
] as const
const partitions = 4
const startMs = 20_000
/** Everything flows again within this time of the broker's listening. */
const promisedMs = 15_000

/** A reader of all decisions: per partition, the last input that one was read for. */
const followDecisions = async (client: StreamClient): Promise<ReadonlyMap<number, bigint>> => {
  const answered = new Map<number, bigint>()
  const onRecord = ({ partition, key, value }: LogRecord): void => {
    if (String(key).startsWith('\0') || value === null) return
    answered.set(partition, BigInt(String(value).split(' ')[0]!))
  }
  await client.openTable({ topic: 'session-decisions', maxWaitMs: 1000, onRecord })
  return answered
}

const joinWatchers = async (client: StreamClient): Promise<readonly AssignmentEpoch[]> => {
  const epochs: AssignmentEpoch[] = []
  await client.joinMembership({
    group: 'watchers',
    topic: 'session-events',
    sessionTimeoutMs: 6000,
    onAssigned: (_partitions, epoch) => void epochs.push(epoch),
    onRevoked: () => {},
  })
  return epochs
}

/** What was acknowledged stands where the acknowledgement said. */
const requireAcknowledged = async (
  client: StreamClient,
  acknowledged: readonly Acknowledged[],
): Promise<void> => {
  for (let partition = 0; partition < partitions; partition += 1) {
    const log = new Map((await read(client, 'session-events', partition)).map(found => [found.offset, found]))
    for (const { record, offset } of acknowledged) {
      if (record.partition !== partition) continue
      const found = log.get(offset)
      assert.equal(String(found?.key), record.key)
      assert.equal(String(found?.value), String(record.value))
    }
  }
}

const given = async (t: TestContext) => {
  const broker = await startOwnBroker(t)
  const stream = await openTestStream(t, { brokers: broker.brokers, topics, partitions })
  const { client, settings } = stream
  const service = startCountingService(t, settings)
  await eventually('the service', () => runningIn(service) === partitions, startMs)
  const answered = await followDecisions(client)
  const epochs = await joinWatchers(client)
  const load = await startNumberLoad(client, partitions)
  await eventually('the flow', () => answered.size === partitions, startMs)
  return { ...stream, broker, service, answered, epochs, load }
}

const restarts = [
  { signal: 'SIGTERM', awayMs: 0 },
  // Longer than a member may be silent.
  { signal: 'SIGKILL', awayMs: 8000 },
] as const
for (const { signal, awayMs } of restarts) {
  /**
   * @fault the broker is restarted under load, cleanly or by `kill -9`
   * @behaviour everything resumes by itself within 15 s of its listening; nothing is lost, nothing counted twice, the order stays
   * @counter none: nothing is refused or lost
   */
  test(`a broker that ends by ${signal} and comes back: everything resumes by itself, nothing lost, nothing twice`, async t => {
    const { broker, client, service, answered, epochs, load } = await given(t)
    await sleep(1000)
    await broker.end(signal)
    await sleep(awayMs)
    await broker.start()
    const listeningAt = performance.now()
    const before = load.acknowledged.length

    // First acknowledged, per partition, of what was sent after the restart; then what follows from it.
    const isFlowing = (): boolean => {
      const sinceThen = load.acknowledged.slice(before)
      return Array.from({ length: partitions }).every((_, partition) => {
        const first = sinceThen.find(({ record }) => record.partition === partition)
        return first !== undefined && (answered.get(partition) ?? -1n) >= first.offset
      })
    }
    await eventually('acknowledgements', () => load.acknowledged.length > before, promisedMs)
    t.diagnostic(`acknowledged after ${Math.round(performance.now() - listeningAt)} ms`)
    await eventually('a decision of each partition', isFlowing, promisedMs)
    t.diagnostic(`decisions after ${Math.round(performance.now() - listeningAt)} ms`)
    await eventually('a current membership', () => epochs.at(-1)!.isCurrent(), promisedMs)
    t.diagnostic(`membership after ${Math.round(performance.now() - listeningAt)} ms`)
    assert.ok(performance.now() - listeningAt < promisedMs)
    assert.equal(epochs.length, 1)

    await load.stop()
    await eventually('the end of the input', async () => await isCaughtUp(client, partitions), startMs)
    assert.equal(runningIn(service), partitions)
    await requireCountedOnce(client, partitions)
    await requireAcknowledged(client, load.acknowledged)
  })
}
