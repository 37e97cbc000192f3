import type { Publisher, RecordCodec } from '@cordon/stream'

import type { DueRecord } from '../load/made-session.ts'
import { monotonicMs } from '../load/monotonic-time.ts'
import { openLoop } from '../load/open-loop.ts'
import { outgoing } from '../load/outgoing-record.ts'
import { noPublishedEvents, type PublishedEvents } from './published-events.ts'

/** Publishes a load as its records become due; resolves when everything is acknowledged. */
export const publishLoad = async (
  load: Iterable<DueRecord>,
  publisher: Publisher,
  codec: RecordCodec,
  startAt: number,
): Promise<PublishedEvents> => {
  const published = noPublishedEvents()
  const unacknowledged = new Set<Promise<void>>()

  const publish = async (due: readonly DueRecord[]): Promise<void> => {
    const sentAt = monotonicMs()
    const now = Date.now()
    const records = due.map(record => outgoing(record, codec, now))
    const offsets = await publisher.publish(records)
    const acknowledgedAt = monotonicMs()
    for (const [index, { partition }] of records.entries()) {
      published.partitions.push(partition)
      published.offsets.push(Number(offsets[index]))
      published.dueAt.push(startAt + (due[index]?.dueMs ?? Number.NaN))
      published.sentAt.push(sentAt)
      published.acknowledgedAt.push(acknowledgedAt)
    }
  }

  // A record that is lost makes the figures worthless: the rejection is left to end the bench.
  const send = (due: readonly DueRecord[]): void => {
    const acknowledged = publish(due)
    unacknowledged.add(acknowledged)
    void acknowledged.then(() => unacknowledged.delete(acknowledged))
  }

  await openLoop(load, send, startAt)
  await Promise.all(unacknowledged)
  return published
}
