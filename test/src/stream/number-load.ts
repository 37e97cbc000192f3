import { setTimeout as sleep } from 'node:timers/promises'

import { seededRandom } from '@cordon/foundation'
import type { OutgoingRecord, StreamClient } from '@cordon/stream'
import { numberRecord } from '@cordon/stream/fixtures/counting-processor'
import { plainCodec } from '@cordon/stream/fixtures/plain-codec'

export interface Acknowledged {
  readonly record: OutgoingRecord
  readonly offset: bigint
}

export interface NumberLoad {
  /** In the order of the acknowledgements. */
  readonly acknowledged: readonly Acknowledged[]
  stop(): Promise<void>
}

/** Some 500 numbers a second to all partitions, until it is stopped. What is not acknowledged holds the next ten up. */
export const startNumberLoad = async (client: StreamClient, partitions: number): Promise<NumberLoad> => {
  const publisher = await client.openPublisher()
  const codec = plainCodec()
  const random = seededRandom(1)
  const below = (limit: number): number => Math.floor(random() * limit)
  const stopped = new AbortController()
  const acknowledged: Acknowledged[] = []
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const records = Array.from({ length: 10 }, () =>
        numberRecord(codec, `k${below(20)}`, below(100), below(partitions)),
      )
      const offsets = await publisher.publish(records)
      acknowledged.push(...records.map((record, at) => ({ record, offset: offsets[at]! })))
      await sleep(20)
    }
  }
  const running = run()
  return {
    acknowledged,
    stop: async () => {
      stopped.abort()
      await running
      await publisher.close()
    },
  }
}
