import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { takeLock } from '@cordon/lifecycle'
import type { RecordCodec, StreamClient } from '@cordon/stream'

import type { LoggedRecord } from '../ports.ts'
import { encodeRecords } from './encode-records.ts'
import type { SpoolRecord } from './spool/frame.ts'
import { SpoolCursor } from './spool/spool-cursor.ts'
import { SpoolDrain } from './spool/spool-drain.ts'
import type { SpoolFault } from './spool/spool-folder.ts'
import { Spool } from './spool/spool.ts'
import type { OpenSessionLog } from './kafka-session-log.ts'
import { readPublished } from './published-records.ts'

const topic = 'session-events'
/** An engine that was just ended may still be draining. */
const lockWaitMs = 10_000
/** Most often the broker acknowledges sooner: then the disk, and who else works on this machine, are spared a flush. */
const flushAfterMs = 2
/** What the broker does not take until then is published by the next run. */
const drainPatienceMs = 5_000

export interface SpooledSessionLogOptions {
  readonly folder: string
  readonly maxBytes: number
  readonly client: Pick<StreamClient, 'admin' | 'openPublisher' | 'openFollower'>
  readonly codec: RecordCodec
  /** The spool is full, or cannot be written: these are on record nowhere. */
  readonly onRefused: (records: readonly LoggedRecord[]) => void
  /** A record cannot be written, the log refused it for good, or the disk lost it. */
  readonly onLost: (error: unknown) => void
  readonly onFault: (fault: SpoolFault, detail: unknown) => void
  /** An earlier run left so many records. */
  readonly onRecovered: (records: number) => void
  /** One of them is in the log already, and not published again. */
  readonly onKnown: () => void
}

/** `session-events`, by way of a spool on this machine's disk. */
export interface SpooledSessionLog extends OpenSessionLog {
  /** Of the spool. */
  readonly bytes: number
}

/** @throws CordonError `FOLDER_IN_USE` where another engine has the folder */
export const openSpooledSessionLog = async (
  options: SpooledSessionLogOptions,
): Promise<SpooledSessionLog> => {
  const { folder, client, codec, onRefused, onFault } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = await takeLock(join(folder, 'lock'), {
    what: `spool ${folder}`,
    holderPid: process.pid,
    waitMs: lockWaitMs,
  })
  const cursor = await SpoolCursor.open(join(folder, 'cursor.json'), onFault)
  const spool = await Spool.open({
    folder,
    maxBytes: options.maxBytes,
    firstNumber: cursor.next,
    onFault,
  })
  const isPublished = await findPublished(spool, cursor, options)
  const publisher = await client.openPublisher({ deliveryTimeoutMs: Number.POSITIVE_INFINITY })
  const drain = new SpoolDrain({
    spool,
    isPublished,
    async publish(record) {
      const [offset] = await publisher.publish([{ topic, ...record }])
      return offset!
    },
    onAcknowledged: ({ partition }, number, offset) => cursor.acknowledged(partition, number, offset),
    onLost: (_record, error) => options.onLost(error),
    onUnread: error => onFault('read_failed', error),
  })

  return {
    get pendingRecords() {
      return spool.records
    },
    get bytes() {
      return spool.bytes
    },
    append(sessionId, records, haste) {
      let spooled: readonly SpoolRecord[]
      try {
        spooled = encodeRecords(codec, sessionId, records)
      } catch (error) {
        options.onLost(error)
        return 'unwritable'
      }
      const first = spool.append(spooled)
      if (first === undefined) {
        onRefused(records)
        return 'full'
      }
      const last = first + spooled.length - 1
      drain.appended(first, spooled, haste)
      return {
        onRecord() {
          const acknowledged = drain.acknowledged(last)
          return firstTrue([acknowledged, unlessTrue(acknowledged, () => spool.reachDisk(last))])
        },
      }
    },
    async close() {
      await drain.drained(drainPatienceMs)
      drain.close()
      await publisher.close(0)
      await cursor.close()
      await spool.close()
      lock.release()
    },
  }
}

/** Whether a record that an earlier run left is in the log: as it noted, or as the log itself tells. */
const findPublished = async (
  spool: Spool,
  cursor: SpoolCursor,
  { client, onRecovered, onKnown }: SpooledSessionLogOptions,
): Promise<(number: number, record: SpoolRecord) => boolean> => {
  const from = new Map<number, bigint>()
  for (
    let kept = await spool.read(spool.first);
    kept.records.length > 0;
    kept = await spool.read(kept.next)
  ) {
    for (const [index, { partition }] of kept.records.entries()) {
      if (!cursor.covers(partition, kept.first + index)) from.set(partition, cursor.offsetAfter(partition))
    }
  }
  if (spool.records > 0) onRecovered(spool.records)
  const published = await readPublished(client, topic, from)
  // From here on every partition has a place from which to look after the next crash.
  for (const [partition, end] of await client.admin.endOffsets(topic)) {
    if (!from.has(partition)) cursor.startAt(partition, end)
  }
  await cursor.write()
  return (number, { partition, value }) => {
    const isPublished = cursor.covers(partition, number) || published.has(value)
    if (isPublished) onKnown()
    return isPublished
  }
}

/** What `begin` comes to, which begins a little later, and not at all where the other one is true by then. */
const unlessTrue = (other: Promise<boolean>, begin: () => Promise<boolean>): Promise<boolean> =>
  new Promise(resolve => {
    const timer = setTimeout(() => resolve(begin()), flushAfterMs)
    void other.then(isTrue => isTrue && clearTimeout(timer))
  })

const firstTrue = async (promises: readonly Promise<boolean>[]): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  for (const each of promises) void each.then(isTrue => isTrue && resolve(true))
  void Promise.all(promises).then(all => resolve(all.includes(true)))
  return await promise
}
