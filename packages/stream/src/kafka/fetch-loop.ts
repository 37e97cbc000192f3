import type { TopicName } from '@cordon/schemas'

import type { ClusterLink, Connection } from './cluster-link.ts'
import { fetchRequest } from './fetch-request.ts'
import type { FetchedPartition } from './fetch-request.ts'
import type { FollowedPartition } from './followed-partition.ts'
import { faultName } from './kafka-fault.ts'
import type { KafkaTuning } from './kafka-tuning.ts'
import type { Outage } from './outage.ts'

export interface FetchLoopOptions {
  readonly link: Pick<ClusterLink, 'closing' | 'wireName' | 'send'>
  readonly tuning: KafkaTuning
  readonly outage: Outage
  readonly topic: TopicName
  readonly node: number
  readonly maxWaitMs: number
  /** After a fetch that reached the ends, where the follower rests (`FollowerOptions.restMs`). Rejects when the link closes. */
  readonly rest: (() => Promise<void>) | undefined
  /** The followed partitions that the node leads as far as is known; the first comes first into the response. */
  readonly led: () => readonly FollowedPartition[]
  /** Resolves when one of them may have become fetchable, or after `wake`. */
  readonly woken: () => Promise<void>
  readonly wake: () => void
  /** Takes what was fetched of a partition; returns the fault where there was one. */
  readonly onFetched: (followed: FollowedPartition, fetched: FetchedPartition) => string | undefined
  /** Before a further attempt, after one that reached nobody. */
  readonly onUnreachable: (attempt: number) => Promise<void>
}

// A fetch that does not cover everything returns soon, so that what it left out joins the next one.
const impatientWaitMs = 10

/** Fetches from one node, for as long as it leads something that is followed. */
export const runFetchLoop = async (options: FetchLoopOptions): Promise<void> => {
  const { link, outage } = options
  for (let attempt = 0; !link.closing.aborted;) {
    const led = options.led()
    if (led.length === 0) return
    const fetchable = led.filter(followed => followed.isFetchable)
    if (fetchable.length === 0) {
      await options.woken()
      continue
    }
    try {
      const isAll = fetchable.length === led.length
      const fault = isAll ? await fetchPatiently(options, fetchable) : await fetchSoon(options, fetchable)
      if (fault === undefined) outage.over()
      else outage.fault(fault)
      attempt = 0
      if (options.rest !== undefined && led.every(followed => followed.isAtEnd)) await options.rest()
    } catch (error) {
      if (link.closing.aborted) return
      outage.fault(faultName(error))
      await options.onUnreachable(attempt++)
    }
  }
}

/** A fetch that the broker may hold, and beside it those of the partitions that came too late for it. */
const fetchPatiently = async (
  options: FetchLoopOptions,
  fetchable: readonly FollowedPartition[],
): Promise<string | undefined> => {
  let isHeld = true
  const patient = fetchOnce(options, fetchable, options.maxWaitMs).finally(() => {
    isHeld = false
    options.wake()
  })
  const covered = new Set(fetchable)
  const latecomers = fetchLatecomers(options, covered, () => isHeld)
  // Both to their end, also when one fails: no partition is ever in two fetches.
  await Promise.allSettled([patient, latecomers])
  return (await patient) ?? (await latecomers)
}

// The broker answers the requests of one connection in their order: these go over another one. They return soon, so
// that partitions that come later still, and the next fetch of all together, need not wait for them.
const fetchLatecomers = async (
  options: FetchLoopOptions,
  covered: ReadonlySet<FollowedPartition>,
  isOthersHeld: () => boolean,
): Promise<string | undefined> => {
  let fault: string | undefined
  while (isOthersHeld()) {
    const late = options.led().filter(followed => followed.isFetchable && !covered.has(followed))
    if (late.length === 0) await options.woken()
    else fault = await fetchSoon(options, late, 'others')
  }
  return fault
}

const fetchSoon = async (
  options: FetchLoopOptions,
  fetchable: readonly FollowedPartition[],
  connection?: Connection,
): Promise<string | undefined> =>
  await fetchOnce(options, fetchable, Math.min(options.maxWaitMs, impatientWaitMs), connection)

/** One fetch; resolves with the fault of a partition where there was one. */
const fetchOnce = async (
  { link, tuning, topic, node, onFetched }: FetchLoopOptions,
  fetchable: readonly FollowedPartition[],
  maxWaitMs: number,
  connection: Connection = 'fetches',
): Promise<string | undefined> => {
  const queries = fetchable.map(followed => ({
    followed,
    partition: followed.partition,
    offset: followed.fetchOffset,
  }))
  const request = fetchRequest({
    topic: link.wireName(topic),
    partitions: queries,
    maxWaitMs,
    maxBytes: tuning.fetchBytes,
    maxBytesPartition: tuning.fetchBytesPartition,
  })
  const { partitions } = await link.send(node, request, connection)
  const asked = new Map(queries.map(query => [query.partition, query]))
  const faults = partitions.map(fetched => {
    const query = asked.get(fetched.partition)
    // Where leaders changed meanwhile, the new one may have answered first.
    if (query === undefined || query.followed.fetchOffset !== query.offset) return undefined
    return onFetched(query.followed, fetched)
  })
  return faults.find(fault => fault !== undefined)
}
