import type { StreamClient } from '@cordon/stream'

/** A decision as it came to whoever follows them, at once or nearly so. */
export interface SeenDecision {
  readonly partition: number
  readonly sessionId: string
  /** Milliseconds since the Unix epoch, by this process. */
  readonly at: number
}

export interface DecisionWatch {
  readonly seen: readonly SeenDecision[]
  close(): Promise<void>
}

/** Follows all decisions from now on; claims and beats are none. */
export const watchDecisions = async (client: StreamClient): Promise<DecisionWatch> => {
  const seen: SeenDecision[] = []
  const follower = await client.openFollower({
    topic: 'session-decisions',
    from: await client.admin.endOffsets('session-decisions'),
    maxWaitMs: 500,
    onRecords: (partition, records) => {
      const at = Date.now()
      for (const { key } of records) {
        if (key !== null && key[0] !== 0) seen.push({ partition, sessionId: key.toString(), at })
      }
    },
  })
  return { seen, close: () => follower.close() }
}
