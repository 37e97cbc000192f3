import type { TopicName } from '@cordon/schemas'
import { topicCatalogue } from '@cordon/schemas'

import type { AssignmentEpoch, StreamClient } from '../ports.ts'

/** What the suite asks of a test's context. */
export interface ConformanceTest {
  after(close: () => Promise<void>): void
}

/** A maker of clients that share topics which no other test uses; what it makes is closed after the test. */
export type OpenConformanceClients = (test: ConformanceTest) => () => StreamClient

/** A maker of clients, with topics in place. */
export const openClients = async (
  open: OpenConformanceClients,
  test: ConformanceTest,
  topics: readonly TopicName[],
  partitions = 1,
): Promise<() => StreamClient> => {
  const openClient = open(test)
  await ensureTopics(openClient(), topics, partitions)
  return openClient
}

export const ensureTopics = async (
  client: StreamClient,
  topics: readonly TopicName[],
  partitions: number,
): Promise<void> => {
  await client.admin.ensureTopics(
    topics.map(topic => topicCatalogue[topic]),
    { partitions, replicationFactor: 1, minInSyncReplicas: 1 },
  )
}

/** An assignment that stays current until it is told otherwise. */
export const heldEpoch = (generation: number): AssignmentEpoch & { current: boolean } => ({
  memberId: `member-${generation}`,
  generation,
  current: true,
  isCurrent() {
    return this.current
  },
})
