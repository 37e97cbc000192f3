import type { Clock } from '@cordon/foundation'
import type { RecordCodec, StreamClient } from '@cordon/stream'

import type { SessionDecisions } from '../ports.ts'
import { createDecisionTable } from './decision-table.ts'
import { createOrderedDecoder } from './ordered-decoder.ts'

/** Bounds idle polling only; a decision that arrives is delivered at once. */
const maxWaitMs = 1000

export interface StreamSessionDecisions extends SessionDecisions {
  readonly openCount: number
  /** Rejects when the topic cannot be followed any more. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

/** Reads the whole of `session-decisions`; resolves when it has caught up. */
export const openStreamSessionDecisions = async (options: {
  readonly client: StreamClient
  readonly codec: RecordCodec
  readonly clock: Clock
  readonly onPoison: (reason: string) => void
}): Promise<StreamSessionDecisions> => {
  const { client, codec, clock } = options
  const table = createDecisionTable(await client.admin.partitionCount('session-decisions'), clock)
  const reader = await client.openTable({
    topic: 'session-decisions',
    maxWaitMs,
    onRecord: createOrderedDecoder({
      codec,
      onDecoded: (record, decoded) => table.apply(record, decoded),
      onPoison: fault => options.onPoison(fault.message),
    }),
  })
  await reader.caughtUp
  return {
    standing: table.standing,
    open: table.open,
    load: table.load,
    silence: table.silence,
    expect: table.expect,
    get staleness() {
      return reader.maxStaleness
    },
    get openCount() {
      return table.openCount
    },
    failed: reader.failed,
    close: async () => reader.close(),
  }
}
