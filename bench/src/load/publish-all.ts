import type { OutgoingRecord, Publisher } from '@cordon/stream'

const recordsAtOnce = 1000
const publishedAtOnce = 16

/** Publishes as fast as the broker acknowledges, with a bounded number of records on their way. Resolves when all are. */
export const publishAll = async (records: Iterable<OutgoingRecord>, publisher: Publisher): Promise<void> => {
  const unacknowledged: Promise<unknown>[] = []
  let chunk: OutgoingRecord[] = []
  const send = async (): Promise<void> => {
    unacknowledged.push(publisher.publish(chunk))
    chunk = []
    if (unacknowledged.length >= publishedAtOnce) await unacknowledged.shift()
  }
  for (const record of records) {
    chunk.push(record)
    if (chunk.length === recordsAtOnce) await send()
  }
  await send()
  await Promise.all(unacknowledged)
}
