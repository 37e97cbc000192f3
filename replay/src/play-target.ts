import { setTimeout as pause } from 'node:timers/promises'

import type { EnginePorts } from '@cordon/engine'
import { partitionOfSession } from '@cordon/foundation'
import type { OutgoingRecord, Publisher, RecordCodec } from '@cordon/stream'

import type { PlayTarget } from './player.ts'

export interface StreamTargetOptions {
  readonly ports: EnginePorts
  readonly publisher: Publisher
  readonly codec: RecordCodec
  readonly partitions: number
  /** Records of the engine that are not acknowledged. */
  readonly pendingRecords: () => number
}

/** Half of what an engine queues before it refuses: calls that are under way still have their place. */
const mostPending = 5000
const pollMs = 2

/** A target whose records can be waited for. */
export interface StreamTarget extends PlayTarget {
  /** Resolves when everything that was written is acknowledged. */
  flush(): Promise<void>
}

/** Plays to the stream: what identity and the scorer's clock would write is written here, in recorded time. */
export const streamTarget = (options: StreamTargetOptions): StreamTarget => {
  const { ports, publisher, codec, partitions, pendingRecords } = options
  const unacknowledged = new Set<Promise<unknown>>()
  // A record that is lost makes the replay worthless: the rejection is left to end it.
  const publish = (records: readonly OutgoingRecord[]): void => {
    const published = publisher.publish(records)
    unacknowledged.add(published)
    void published.then(() => unacknowledged.delete(published))
  }
  return {
    ports,
    room: async () => {
      while (pendingRecords() > mostPending) await pause(pollMs)
    },
    flush: async () => void (await Promise.all(unacknowledged)),
    write: (sessionId, event) =>
      publish([
        {
          topic: 'session-events',
          partition: partitionOfSession(sessionId),
          key: sessionId,
          timestamp: event.at,
          value:
            event.name === 'SessionOpened'
              ? codec.encode('session-events', 'SessionOpened', event.value)
              : codec.encode('session-events', 'SessionEnded', event.value),
        },
      ]),
    tick: atMs =>
      publish(
        Array.from({ length: partitions }, (_, partition) => ({
          topic: 'session-events' as const,
          partition,
          key: '\0tick',
          timestamp: atMs,
          value: codec.encode('session-events', 'Tick', { partition, tickedAt: atMs, baselines: [] }),
        })),
      ),
  }
}
