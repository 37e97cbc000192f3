import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import { ByteReader } from './byte-reader.ts'
import type { Connection, WireRequest } from './cluster-link.ts'
import { runFetchLoop } from './fetch-loop.ts'
import { FollowedPartition } from './followed-partition.ts'
import { defaultTuning } from './kafka-tuning.ts'
import { Outage } from './outage.ts'

interface HeldFetch {
  readonly connection: Connection | undefined
  readonly waitMs: number
  readonly partitions: readonly number[]
  readonly answer: () => Promise<void>
}

const followed = (partition: number): FollowedPartition =>
  new FollowedPartition({ partition, from: 0n, onRecords() {}, onProgress() {}, onFailure() {} })

const partitionsOf = (fetch: Buffer): number[] => {
  const reader = new ByteReader(fetch)
  reader.skip(25) // up to the topics
  const topics = reader.array(() => {
    reader.string()
    return reader.array(() => {
      const partition = reader.int32()
      reader.skip(24)
      return partition
    })
  })
  return topics.flat()
}

/** A loop whose fetches are held until the test answers them. */
const startLoop = async (led: readonly FollowedPartition[], rest?: () => Promise<void>) => {
  const fetches: HeldFetch[] = []
  let wakening = Promise.withResolvers<void>()
  const wake = (): void => {
    wakening.resolve()
    wakening = Promise.withResolvers()
  }
  const send = async <Response>(_node: number, request: WireRequest<Response>, connection?: Connection) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const held: HeldFetch = {
      connection,
      waitMs: request.holdMs,
      partitions: partitionsOf(request.body),
      answer: async () => {
        fetches.splice(fetches.indexOf(held), 1)
        resolve()
        await turn()
      },
    }
    fetches.push(held)
    await promise
    // Nothing new: no throttling, no error, no session, no topics.
    return request.decode(Buffer.alloc(14))
  }
  const log = { info() {}, warn() {}, error() {} }
  const ended = runFetchLoop({
    link: { closing: new AbortController().signal, wireName: topic => topic, send },
    tuning: defaultTuning,
    outage: new Outage({ log, data: {}, began: 'began', ended: 'ended' }),
    topic: 'session-events',
    node: 0,
    maxWaitMs: 5000,
    rest,
    led: () => led,
    woken: async () => await wakening.promise,
    wake,
    onFetched: () => undefined,
    onUnreachable: async () => await Promise.resolve(),
  })
  await turn()
  return { fetches, wake, ended }
}

const shown = (fetches: readonly HeldFetch[]) =>
  fetches.map(
    ({ connection, waitMs, partitions }) =>
      `${connection} ${waitMs > 10 ? 'long' : 'short'} ${partitions.join()}`,
  )

test('what comes while a fetch is held is fetched beside it, and with the others once that returned', async () => {
  const led = [followed(0), followed(1)]
  const { fetches, wake, ended } = await startLoop(led)
  assert.deepEqual(shown(fetches), ['fetches long 0,1'])
  led.push(followed(2))
  wake()
  await turn()
  assert.deepEqual(shown(fetches), ['fetches long 0,1', 'others short 2'])

  // One fetch beside the first at most: the next goes for both.
  led.push(followed(3))
  wake()
  await turn()
  assert.deepEqual(shown(fetches), ['fetches long 0,1', 'others short 2'])
  await fetches[1]!.answer()
  assert.deepEqual(shown(fetches), ['fetches long 0,1', 'others short 2,3'])

  // No partition is in two fetches.
  await fetches[0]!.answer()
  assert.deepEqual(shown(fetches), ['others short 2,3'])
  await fetches[0]!.answer()
  assert.deepEqual(shown(fetches), ['fetches long 0,1,2,3'])

  led.length = 0
  await fetches[0]!.answer()
  await ended
})

test('a partition that was moved counts as one that came', async () => {
  const led = [followed(0), followed(1)]
  const { fetches, wake, ended } = await startLoop(led)
  led[1] = followed(1)
  wake()
  await turn()
  assert.deepEqual(shown(fetches), ['fetches long 0,1', 'others short 1'])
  led.length = 0
  await fetches[1]!.answer()
  await fetches[0]!.answer()
  await ended
})

test('one that need not know at once rests where it has read all there is, and only there', async () => {
  const led = [followed(0)]
  let rest = Promise.withResolvers<void>()
  const { fetches, ended } = await startLoop(led, async () => await rest.promise)
  await fetches[0]!.answer()
  assert.deepEqual(shown(fetches), [])
  rest.resolve()
  await turn()
  assert.deepEqual(shown(fetches), ['fetches long 0'])

  rest = Promise.withResolvers()
  led[0]!.accept({ records: [], nextOffset: 1n }, 2n)
  await fetches[0]!.answer()
  assert.deepEqual(shown(fetches), ['fetches long 0'])

  led[0]!.accept({ records: [], nextOffset: 2n }, 2n)
  await fetches[0]!.answer()
  assert.deepEqual(shown(fetches), [])
  led.length = 0
  rest.resolve()
  await ended
})
