import type { TableOptions, TableReader } from '../ports.ts'
import { ClusterLink } from './cluster-link.ts'
import type { KafkaContext } from './cluster-link.ts'
import { KafkaFollower } from './kafka-follower.ts'

/** Reads a compacted topic from its start and keeps up with it. */
export const openKafkaTable = async (context: KafkaContext, options: TableOptions): Promise<TableReader> => {
  const { partitions, starts, ends } = await readBounds(context, options)
  // Caught up is a matter of positions, never of records: holes occupy the tail.
  const behind = new Set(partitions.filter(partition => starts.get(partition)! < ends.get(partition)!))
  const caughtUp = Promise.withResolvers<void>()
  if (behind.size === 0) caughtUp.resolve()

  const follower = await KafkaFollower.open(context, {
    topic: options.topic,
    from: starts,
    maxWaitMs: options.maxWaitMs,
    onRecords: (_partition, records) => {
      for (const record of records) options.onRecord(record)
    },
    onPosition: (partition, position) => {
      if (!behind.has(partition) || position < ends.get(partition)!) return
      behind.delete(partition)
      if (behind.size === 0) caughtUp.resolve()
    },
  })
  follower.failed.catch(caughtUp.reject)
  caughtUp.promise.catch(() => {})

  return {
    caughtUp: caughtUp.promise,
    failed: follower.failed,
    position: partition => follower.position(partition),
    staleness: partition => follower.staleness(partition),
    get maxStaleness() {
      return Math.max(0, ...partitions.map(partition => follower.staleness(partition)))
    },
    close: async () => await follower.close(),
  }
}

const readBounds = async (context: KafkaContext, { topic, partitions: wanted }: TableOptions) => {
  const link = await ClusterLink.open(context, [topic])
  try {
    const partitions = wanted ?? link.partitions(topic)
    const [starts, ends] = await Promise.all([
      link.offsets(topic, partitions, 'earliest'),
      link.offsets(topic, partitions, 'latest'),
    ])
    return { partitions, starts, ends }
  } finally {
    await link.close()
  }
}
