import type { DecisionVerifier } from '@cordon/decisions'
import type { Clock } from '@cordon/foundation'
import { createDecodingQueue } from '@cordon/serde'
import type { LogRecord, RecordCodec, StreamClient } from '@cordon/stream'
import { TransientFault } from '@cordon/stream'

import type { SessionDecisions } from '../ports.ts'
import { createDecisionTable, type RefusalCause } from './decision-table.ts'

/** Bounds idle polling only; a decision that arrives is delivered at once. */
const maxWaitMs = 1000

export interface StreamSessionDecisions extends SessionDecisions {
  readonly openCount: number
  /** Rejects when the topic cannot be followed any more. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

const misplaced = ({ partition }: LogRecord): string =>
  `partition ${partition}: expected a record of this partition and key, got one of others`

/** Reads the whole of `session-decisions`; resolves when it has caught up. */
export const openStreamSessionDecisions = async (options: {
  readonly client: StreamClient
  readonly codec: RecordCodec
  readonly clock: Clock
  readonly verifier: DecisionVerifier
  /** Somebody else than the scorer wrote it, or wrote it again. */
  readonly onRefused: (cause: RefusalCause) => void
  readonly onPoison: (reason: string) => void
}): Promise<StreamSessionDecisions> => {
  const { client, codec, clock, verifier } = options
  const partitions = await client.admin.partitionCount('session-decisions')
  const table = createDecisionTable(partitions, clock, verifier)
  const queue = createDecodingQueue({
    codec,
    onRecord: (record, decoded) => {
      const change = table.apply(record, decoded)
      if (change === 'taken') return
      if (change !== 'misplaced') options.onRefused(change)
      // What cannot be read was a fault before it came here.
      else if (decoded !== undefined) options.onPoison(misplaced(record))
    },
    onFault: (_record, error) => {
      // A registry that is away for a moment is asked again; nothing was skipped.
      if (!(error instanceof TransientFault)) options.onPoison(String(error))
    },
  })
  const reader = await client.openTable({
    topic: 'session-decisions',
    maxWaitMs,
    onRecord: record => queue.push(record),
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
    close: async () => {
      queue.close()
      await reader.close()
    },
  }
}
