import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { countingProcessor, numberRecord, special } from '../fixtures/counting-processor.ts'
import type { Count } from '../fixtures/counting-processor.ts'
import { plainCodec } from '../fixtures/plain-codec.ts'
import type { StreamClient } from '../ports.ts'
import { runStatefulService } from '../task/stateful-service.ts'
import type { StatefulService } from '../task/stateful-service.ts'
import { openClients } from './conformance-clients.ts'
import type { OpenConformanceClients } from './conformance-clients.ts'
import { eventually } from './eventually.ts'

const topics = [
  'session-events',
  'scorer-state',
  'session-decisions',
  'security-signals',
  'gate-verdicts',
  'dead-letters',
] as const

export const taskConformance = (open: OpenConformanceClients): void => {
  describe('runs stateful tasks', () => {
    test('that write time, beat, publish and commit', async t => {
      const client = (await openClients(open, t, topics))()
      const service = await run(client)
      await eventually('readiness', () => service.ready)
      await publish(client, 0, 1, 2, 3, special.breaks)
      await eventually('the count', () => service.state(0, 'k')?.count === 3)
      await eventually('a beat', async () => (await keys(client, 'session-decisions')).includes('\0beat'))
      assert.deepEqual((await keys(client, 'session-decisions')).filter(key => key === 'k').length, 4)
      assert.deepEqual(await keys(client, 'security-signals'), ['k', 'k'])
      assert.deepEqual(await keys(client, 'gate-verdicts'), ['k'])
      assert.deepEqual(await keys(client, 'dead-letters'), ['k'])
      assert.equal(service.state(0, 'k')?.poisons, 1)
      await service.close()
    })

    test('whose state and position the next owner has, and no output comes twice after a clean hand-over', async t => {
      const openClient = await openClients(open, t, topics, 2)
      const first = await run(openClient())
      const client = openClient()
      await publish(client, 0, 1)
      await publish(client, 1, 1, 3)
      await eventually('all', () => first.state(0, 'k')?.count === 1 && first.state(1, 'k')?.count === 2)
      const digest = first.state(1, 'k')?.digest

      const second = await run(openClient())
      await eventually('one each', () => first.owned.size === 1 && second.owned.size === 1)
      await first.close()
      await eventually('readiness', () => second.owned.size === 2 && second.ready)
      assert.equal(second.state(0, 'k')?.count, 1)
      assert.equal(second.state(1, 'k')?.digest, digest)
      await publish(client, 1, 5)
      await eventually('the next', () => second.state(1, 'k')?.count === 3)
      await eventually('its signal', async () => (await keys(client, 'security-signals')).length === 4)
      await second.close()
    })
  })
}

const run = async (client: StreamClient): Promise<StatefulService<Count>> => {
  const codec = plainCodec()
  return await runStatefulService({ client, processor: countingProcessor(codec), codec, group: 'counters' })
}

const publish = async (client: StreamClient, partition: number, ...numbers: number[]): Promise<void> => {
  const publisher = await client.openPublisher()
  const codec = plainCodec()
  await publisher.publish(numbers.map(number => numberRecord(codec, 'k', number, partition)))
  await publisher.close()
}

const keys = async (client: StreamClient, topic: (typeof topics)[number]): Promise<string[]> => {
  const seen: string[] = []
  const table = await client.openTable({
    topic,
    maxWaitMs: 100,
    onRecord: ({ key }) => seen.push(String(key)),
  })
  await table.caughtUp
  await table.close()
  return seen
}
