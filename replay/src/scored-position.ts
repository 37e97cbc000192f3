import { setTimeout as pause } from 'node:timers/promises'

import type { SessionDecision } from '@cordon/schemas'
import type { RecordCodec, StreamClient, TableReader } from '@cordon/stream'

/** How far the scorer says that it is, by its beats. */
export interface ScoredPositions {
  /** Resolves when everything that stands in `session-events` now is scored and its decisions are readable. */
  reachEnd(): Promise<void>
  close(): Promise<void>
}

const pollMs = 100

/** @param onDecision every decision, those of a partition before the beat that says they are all there */
export const openScoredPositions = async (
  client: StreamClient,
  codec: RecordCodec,
  onDecision: (decision: SessionDecision) => void,
): Promise<ScoredPositions> => {
  const positions = new Map<number, bigint>()
  const table: TableReader = await client.openTable({
    topic: 'session-decisions',
    maxWaitMs: 500,
    onRecord: ({ partition, value }) => {
      const record = value === null ? undefined : codec.decode(value)
      if (record?.name === 'SessionDecision') onDecision(record.value)
      if (record?.name === 'Beat') positions.set(partition, BigInt(record.value.position))
    },
  })
  const reachEnd = async (): Promise<void> => {
    const ends = await client.admin.endOffsets('session-events')
    const isBehind = (): boolean =>
      [...ends].some(([partition, end]) => (positions.get(partition) ?? 0n) < end)
    while (isBehind()) await pause(pollMs)
  }
  return {
    // Beats follow decisions on the same partition, so a beat that is read says that they are readable.
    reachEnd: () => Promise.race([reachEnd(), table.failed]),
    close: () => table.close(),
  }
}
