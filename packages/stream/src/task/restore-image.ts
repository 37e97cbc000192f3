import type { TopicName } from '@cordon/schemas'

import type { StreamClient } from '../ports.ts'
import { ChangelogImage } from './changelog-image.ts'

export interface RestoreOptions {
  readonly client: StreamClient
  readonly changelog: TopicName
  readonly partition: number
  /** Offset of the own claim: what stands before it is final. */
  readonly claim: bigint
  /** Gives up reading. */
  readonly abandoned: Promise<unknown>
}

// Bounds idle polling only, and there is none: the claim record is always there to be read.
const maxWaitMs = 250

/** Reads a changelog partition up to the own claim. */
export const restoreImage = async (options: RestoreOptions): Promise<ChangelogImage> => {
  const { client, changelog, partition, claim, abandoned } = options
  const image = new ChangelogImage()
  const table = await client.openTable({
    topic: changelog,
    partitions: [partition],
    maxWaitMs,
    // Behind the claim stand later owners' records: this one is fenced already.
    onRecord: record => {
      if (record.offset < claim) image.apply(record)
    },
  })
  try {
    await Promise.race([table.caughtUp, table.failed, abandoned])
    return image
  } finally {
    await table.close()
  }
}
