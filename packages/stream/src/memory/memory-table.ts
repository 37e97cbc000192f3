import type { TableOptions, TableReader } from '../ports.ts'
import type { MemoryCluster } from './memory-cluster.ts'
import { MemoryFollower } from './memory-follower.ts'
import type { MemoryLink } from './memory-link.ts'

/** Reads a topic from its start and keeps up with it. */
export const openMemoryTable = async (
  cluster: MemoryCluster,
  link: MemoryLink,
  { topic, partitions, onRecord }: TableOptions,
): Promise<TableReader> => {
  const wanted = partitions ?? cluster.logs(topic).map(({ partition }) => partition)
  const ends = await link.request(
    { operation: 'look up', topic },
    () => new Map(wanted.map(partition => [partition, cluster.log(topic, partition).end])),
  )
  const behind = new Set(wanted.filter(partition => ends.get(partition)! > 0n))
  const caughtUp = Promise.withResolvers<void>()
  if (behind.size === 0) caughtUp.resolve()

  const follower = new MemoryFollower(cluster, link, {
    topic,
    from: new Map(wanted.map(partition => [partition, 0n])),
    onRecords: (_partition, records) => {
      for (const record of records) onRecord(record)
    },
    onPosition: (partition, position) => {
      if (position < ends.get(partition)!) return
      behind.delete(partition)
      if (behind.size === 0) caughtUp.resolve()
    },
  })
  follower.failed.catch(caughtUp.reject)
  caughtUp.promise.catch(() => {})
  const staleness = (partition: number): number => follower.staleness(partition)

  return {
    caughtUp: caughtUp.promise,
    failed: follower.failed,
    position: partition => follower.position(partition),
    staleness,
    get maxStaleness() {
      return Math.max(0, ...wanted.map(staleness))
    },
    close: async () => await follower.close(),
  }
}
