import type { TopicName } from '@cordon/schemas'

import type { ClusterLink } from './cluster-link.ts'
import { fetchRequest } from './fetch-request.ts'
import type { FetchedPartition } from './fetch-request.ts'
import type { FollowedPartition } from './followed-partition.ts'
import { faultName } from './kafka-fault.ts'
import type { KafkaTuning } from './kafka-tuning.ts'
import type { Outage } from './outage.ts'

export interface FetchLoopOptions {
  readonly link: ClusterLink
  readonly tuning: KafkaTuning
  readonly outage: Outage
  readonly topic: TopicName
  readonly node: number
  readonly maxWaitMs: number
  /** The followed partitions that the node leads as far as is known; the first comes first into the response. */
  readonly led: () => readonly FollowedPartition[]
  /** Resolves when one of them may have become fetchable. */
  readonly woken: () => Promise<void>
  /** Takes what was fetched of a partition; returns the fault where there was one. */
  readonly onFetched: (followed: FollowedPartition, fetched: FetchedPartition) => string | undefined
  /** Before a further attempt, after one that reached nobody. */
  readonly onUnreachable: (attempt: number) => Promise<void>
}

// While a partition waits for its handler, fetches of its neighbours return soon, so that it joins the next one.
const impatientWaitMs = 10

/** Fetches from one node, one request at a time, for as long as it leads something that is followed. */
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
      const fault = await fetchOnce(options, fetchable, fetchable.length === led.length)
      if (fault === undefined) outage.over()
      else outage.fault(fault)
      attempt = 0
    } catch (error) {
      if (link.closing.aborted) return
      outage.fault(faultName(error))
      await options.onUnreachable(attempt++)
    }
  }
}

/** One fetch; resolves with the fault of a partition where there was one. */
const fetchOnce = async (
  { link, tuning, topic, node, maxWaitMs, onFetched }: FetchLoopOptions,
  fetchable: readonly FollowedPartition[],
  isPatient: boolean,
): Promise<string | undefined> => {
  const request = fetchRequest({
    topic: link.wireName(topic),
    partitions: fetchable.map(({ partition, fetchOffset }) => ({ partition, offset: fetchOffset })),
    maxWaitMs: isPatient ? maxWaitMs : Math.min(maxWaitMs, impatientWaitMs),
    maxBytes: tuning.fetchBytes,
    maxBytesPartition: tuning.fetchBytesPartition,
  })
  const { partitions } = await link.send(node, request)
  const asked = new Map(fetchable.map(followed => [followed.partition, followed]))
  const faults = partitions.map(fetched => {
    const followed = asked.get(fetched.partition)
    return followed === undefined ? undefined : onFetched(followed, fetched)
  })
  return faults.find(fault => fault !== undefined)
}
