import type { DecisionVerifier } from '@cordon/decisions'
import { isSessionId, partitionOfSession, type EngineId, type SessionId } from '@cordon/foundation'
import type { GateVerdict } from '@cordon/schemas'
import type { DecodingQueueOptions } from '@cordon/serde'
import { createDecodingQueue } from '@cordon/serde'
import { PoisonRecord, type RecordCodec, type StreamClient } from '@cordon/stream'

import type { GateVerdicts } from '../ports.ts'

/** Only bounds idle polling: a verdict is delivered at once. */
const maxWaitMs = 1_000

export interface GateVerdictsOptions {
  readonly client: Pick<StreamClient, 'admin' | 'openFollower'>
  readonly codec: RecordCodec
  readonly engineId: EngineId
  readonly verifier: Pick<DecisionVerifier, 'verifyVerdict'>
  readonly onAnswered: (verdict: GateVerdict, waitedMs: number) => void
  readonly onTimeout: (waitedMs: number) => void
  /** Somebody else than the scorer answered a call of the session that waits; it goes on waiting. */
  readonly onForged: (sessionId: SessionId) => void
  readonly onFault: DecodingQueueOptions['onFault']
}

/** The scorer's answers to this engine, from the moment it was opened. */
export interface KafkaGateVerdicts extends GateVerdicts {
  /** Calls that wait. */
  readonly waiting: number
  /** Rejects when verdicts cannot be read any more. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

interface Waiting {
  readonly sessionId: SessionId
  readonly since: number
  readonly timer: NodeJS.Timeout
  readonly settle: (verdict: GateVerdict | undefined) => void
}

const misplaced = (partition: number): PoisonRecord =>
  new PoisonRecord(`partition ${partition}: expected a verdict on a session of this partition, got another`)

export const openKafkaGateVerdicts = async ({
  client,
  codec,
  engineId,
  verifier,
  onAnswered,
  onTimeout,
  onForged,
  onFault,
}: GateVerdictsOptions): Promise<KafkaGateVerdicts> => {
  const waiting = new Map<string, Waiting>()
  const engineKey = Buffer.from(engineId)

  const end = (invocationId: string, verdict: GateVerdict | undefined): number | undefined => {
    const found = waiting.get(invocationId)
    if (found === undefined) return undefined
    waiting.delete(invocationId)
    clearTimeout(found.timer)
    found.settle(verdict)
    return performance.now() - found.since
  }

  const queue = createDecodingQueue({
    codec,
    onFault,
    onRecord(record, decoded) {
      if (decoded?.name !== 'GateVerdict' || decoded.value.engineId !== engineId) return
      // Only the owner of the session's partition may judge it.
      const { sessionId } = decoded.value
      if (!isSessionId(sessionId) || partitionOfSession(sessionId) !== record.partition)
        return onFault(record, misplaced(record.partition))
      // A verdict nobody waits for came too late, or twice; to verify it would be work for whoever writes many.
      const asked = waiting.get(decoded.value.invocationId)
      if (asked === undefined) return
      // Signed for another session, it is about another call.
      if (sessionId !== asked.sessionId || !verifier.verifyVerdict(decoded.value))
        return onForged(asked.sessionId)
      const waitedMs = end(decoded.value.invocationId, decoded.value)
      if (waitedMs !== undefined) onAnswered(decoded.value, waitedMs)
    },
  })

  const follower = await client.openFollower({
    topic: 'gate-verdicts',
    from: await client.admin.endOffsets('gate-verdicts'),
    maxWaitMs,
    onRecords(_partition, records) {
      // Other engines' verdicts are told by their key, without decoding them.
      for (const record of records) if (record.key?.equals(engineKey) === true) queue.push(record)
    },
  })

  return {
    expect(sessionId, invocationId, limitMs) {
      const arrived = new Promise<GateVerdict | undefined>(settle => {
        const giveUp = (): void => {
          const waitedMs = end(invocationId, undefined)
          if (waitedMs !== undefined) onTimeout(waitedMs)
        }
        // After what has arrived was read: what held up this thread held up the verdict.
        const timer = setTimeout(() => setImmediate(giveUp), limitMs)
        waiting.set(invocationId, { sessionId, since: performance.now(), timer, settle })
      })
      return { arrived, abandon: () => void end(invocationId, undefined) }
    },
    get waiting() {
      return waiting.size
    },
    failed: follower.failed,
    async close() {
      queue.close()
      await follower.close()
    },
  }
}
