import type { Publisher, StreamClient } from '@cordon/stream'

/** Called when `session-events` took a record, with the moment at which it was handed over (`performance.now()`). */
export type OnPublished = (partition: number, offset: number, sentAt: number) => void

/**
 * The same client; it has one publisher, which tells when which event was handed over. One, because what identity wrote
 * and what the engine writes must stay in order.
 */
export const measuringClient = (client: StreamClient, onPublished: OnPublished): StreamClient => {
  let shared: Promise<Publisher> | undefined
  return {
    admin: client.admin,
    openFollower: options => client.openFollower(options),
    openTable: options => client.openTable(options),
    joinMembership: options => client.joinMembership(options),
    claimPartition: options => client.claimPartition(options),
    close: () => client.close(),
    openPublisher: () => (shared ??= openMeasured(client, onPublished)),
  }
}

const openMeasured = async (client: StreamClient, onPublished: OnPublished): Promise<Publisher> => {
  const publisher = await client.openPublisher()
  return {
    get pending() {
      return publisher.pending
    },
    publish: async records => {
      const sentAt = performance.now()
      const offsets = await publisher.publish(records)
      for (const [index, { topic, partition }] of records.entries()) {
        if (topic === 'session-events') onPublished(partition, Number(offsets[index]), sentAt)
      }
      return offsets
    },
    close: () => publisher.close(),
  }
}
