import type { SessionId } from '@cordon/foundation'
import { partitionOfSession } from '@cordon/foundation'
import type {
  GateVerdict,
  InvocationAttempted,
  RecordName,
  Records,
  SessionDecision,
  Standing,
  TopicName,
} from '@cordon/schemas'
import type { Serde } from '@cordon/serde'
import type { DecodedRecord, StreamClient } from '@cordon/stream'

import { beatOf, decisionOf, testSigner } from '../support/test-signer.ts'

/**
 * The scorer's side of the topics, doing what a test says: beats, decisions, verdicts. A standing that was replayed it states anew, as
 * the scorer does.
 */
export interface StandInScorer {
  /** Everything that stands in `session-events`, in order per session. */
  readonly events: readonly DecodedRecord[]
  /** How a gated attempt is answered; `undefined`: not at all. */
  judge: (attempt: InvocationAttempted) => GateVerdict['verdict'] | undefined
  decide(sessionId: SessionId, standing: Standing, version: number, causedBy?: string): Promise<void>
  /** No more beats, as if it had died. */
  stopBeating(): void
  close(): Promise<void>
}

const beatIntervalMs = 500

export const openStandInScorer = async (
  client: StreamClient,
  codec: Serde,
  partitions: number,
): Promise<StandInScorer> => {
  const publisher = await client.openPublisher()
  const decisions = new Map<string, SessionDecision>()
  const events: DecodedRecord[] = []

  const write = async <Name extends RecordName>(
    topic: TopicName,
    partition: number,
    key: string,
    name: Name,
    value: Records[Name],
  ): Promise<void> => {
    await publisher.publish([{ topic, partition, key, value: codec.encode(topic, name, value) }])
  }

  const beat = async (): Promise<void> => {
    for (let partition = 0; partition < partitions; partition += 1) {
      const value = beatOf({ partition, position: 0, beatAt: Date.now() })
      await write('session-decisions', partition, '\0beat', 'Beat', value)
    }
  }

  const answer = async (attempt: InvocationAttempted, version: number): Promise<void> => {
    const verdict = scorer.judge(attempt)
    if (verdict === undefined) return
    const { engineId, sessionId, invocationId, sequence, attemptedAt } = attempt
    await write('gate-verdicts', partitionOfSession(sessionId as SessionId), engineId, 'GateVerdict', {
      engineId,
      sessionId,
      invocationId,
      sequence,
      verdict,
      standing: 'trusted',
      score: 1,
      evidence: 0,
      contributions: [],
      version,
      decidedAt: attemptedAt,
      ...testSigner.signVerdict({ engineId, sessionId, invocationId, verdict }),
    })
  }

  const restate = async (sessionId: SessionId): Promise<void> => {
    const decision = decisions.get(sessionId)
    if (decision === undefined) return
    const restated = { ...decision, version: decision.version + 1 }
    await write('session-decisions', partitionOfSession(sessionId), sessionId, 'SessionDecision', restated)
  }

  const follower = await client.openFollower({
    topic: 'session-events',
    from: await client.admin.endOffsets('session-events'),
    maxWaitMs: 500,
    async onRecords(_partition, records) {
      for (const { value, offset } of records) {
        if (value === null) continue
        const record = codec.decode(value)
        events.push(record)
        if (record.name === 'InvocationAttempted' && record.value.mode === 'gate') {
          await answer(record.value, Number(offset))
        }
        if (record.name === 'StandingReplayed') await restate(record.value.sessionId as SessionId)
      }
    },
  })

  await beat()
  // A broker that is away hears no beat.
  const timer = setInterval(() => void beat().catch(() => undefined), beatIntervalMs)

  const scorer: StandInScorer = {
    events,
    judge: () => 'forward',
    async decide(sessionId, standing, version, causedBy) {
      const decision = decisionOf({ sessionId, version, standing, causedBy })
      decisions.set(sessionId, decision)
      await write('session-decisions', partitionOfSession(sessionId), sessionId, 'SessionDecision', decision)
    },
    stopBeating: () => clearInterval(timer),
    async close() {
      clearInterval(timer)
      await follower.close()
      await publisher.close()
    },
  }
  return scorer
}
