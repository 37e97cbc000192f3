import type { Standing } from '@cordon/schemas'
import type { DecodedRecord, Follower, LogRecord, Publisher, RecordCodec, StreamClient } from '@cordon/stream'

import { decisionOf } from '../support/test-signer.ts'

/** Answers openings and ends as a scorer does, and says what a test wants it to say. No scoring. */
export interface ScriptedScorer {
  /** What stands in `session-events`, in the order of each partition. */
  readonly seen: readonly DecodedRecord[]
  answers: boolean
  decide(sessionId: string, standing: Standing): Promise<void>
}

export const startScriptedScorer = async (
  client: StreamClient,
  codec: RecordCodec,
  partitions: number,
): Promise<ScriptedScorer> => {
  const publisher: Publisher = await client.openPublisher()
  const seen: DecodedRecord[] = []
  let later = 1_000_000

  const publish = async (sessionId: string, partition: number, version: number, standing: Standing) => {
    const decision = decisionOf({ sessionId, version, standing })
    const value = codec.encode('session-decisions', 'SessionDecision', decision)
    await publisher.publish([{ topic: 'session-decisions', partition, key: sessionId, value }])
  }

  const scorer: ScriptedScorer = {
    seen,
    answers: true,
    decide: async (sessionId, standing) => {
      later += 1
      await publish(sessionId, Number(sessionId.split('.', 1)[0]), later, standing)
    },
  }

  const onRecord = async (record: LogRecord): Promise<void> => {
    const decoded = codec.decode(record.value!)
    seen.push(decoded)
    if (!scorer.answers || !('sessionId' in decoded.value)) return
    const version = decoded.name === 'SessionEnded' ? 2_000_000 : Number(record.offset)
    const standing = decoded.name === 'SessionEnded' ? 'ended' : 'trusted'
    await publish(decoded.value.sessionId, record.partition, version, standing)
  }

  const follower: Follower = await client.openFollower({
    topic: 'session-events',
    from: new Map(Array.from({ length: partitions }, (_, partition) => [partition, 0n])),
    maxWaitMs: 100,
    onRecords: async (_partition, records) => {
      for (const record of records) await onRecord(record)
    },
  })
  // Closed with the client; until then a fault must fail the test.
  void (async () => follower.failed)()
  return scorer
}
