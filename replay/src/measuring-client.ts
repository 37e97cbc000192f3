import type { StreamClient } from '@cordon/stream'

/** Called when `session-events` took a record, with the moment at which it was handed over (`performance.now()`). */
export type OnPublished = (partition: number, offset: number, sentAt: number) => void

/** The same client; its publishers tell when which event was handed over. */
export const measuringClient = (client: StreamClient, onPublished: OnPublished): StreamClient => ({
  admin: client.admin,
  openFollower: options => client.openFollower(options),
  openTable: options => client.openTable(options),
  joinMembership: options => client.joinMembership(options),
  claimPartition: options => client.claimPartition(options),
  close: () => client.close(),
  openPublisher: async () => {
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
  },
})
