import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { openDecisionSigner } from '@cordon/decisions'
import { partitionOfSession, type SessionId } from '@cordon/foundation'
import type { SecuritySignal, SessionDecision } from '@cordon/schemas'
import type { Publisher } from '@cordon/stream'

import { eventually } from '../support/eventually.ts'
import { beatOf, decisionOf } from '../support/test-signer.ts'
import { openEngineWorld, type EngineWorld } from './engine-world.ts'

/** A key that no bundle names. */
const liar = openDecisionSigner(Buffer.alloc(32, 66))

describe('somebody who may write session-decisions, and has not the scorer’s key', () => {
  let world: EngineWorld
  let publisher: Publisher
  const closers: (() => Promise<void>)[] = []
  before(async () => {
    world = await openEngineWorld({ after: close => closers.push(close) })
    publisher = await world.stream.openPublisher()
    closers.push(() => publisher.close())
  })
  after(async () => {
    for (const close of closers.reverse()) await close()
  })

  const publish = async (sessionId: SessionId, decision: SessionDecision): Promise<void> => {
    const value = world.codec.encode('session-decisions', 'SessionDecision', decision)
    const partition = partitionOfSession(sessionId)
    await publisher.publish([{ topic: 'session-decisions', partition, key: sessionId, value }])
  }

  const refusalOf = async (sessionId: SessionId): Promise<string | undefined> => {
    const token = await world.tokenOf(sessionId)
    const call = { token, server: 'files', tool: 'read_file', arguments: { path: '/data/a' } }
    return (await world.client.authorize(call)).refusal?.reason
  }

  const counted = (cause: string): Promise<number> =>
    world.counted(`cordon_engine_decisions_refused_total{cause="${cause}"}`)

  const signalsOf = async (sessionId: SessionId): Promise<readonly SecuritySignal[]> => {
    const signals: SecuritySignal[] = []
    const table = await world.stream.openTable({
      topic: 'security-signals',
      maxWaitMs: 100,
      onRecord: ({ value }) => {
        const decoded = value === null ? undefined : world.codec.decode(value)
        if (decoded?.name === 'SecuritySignal' && decoded.value.sessionId === sessionId)
          signals.push(decoded.value)
      },
    })
    await table.caughtUp
    await table.close()
    return signals
  }

  const suspend = async (sessionId: SessionId): Promise<void> => {
    await world.scorer.decide(sessionId, 'suspended', 9)
    await eventually('the suspension', async () => (await refusalOf(sessionId)) === 'SESSION_SUSPENDED')
  }

  /**
   * @fault somebody writes a forged decision into `session-decisions`
   * @behaviour nothing changes: a suspended session stays suspended; one signal `decision_forged` per session and minute
   * @counter cordon_engine_decisions_refused_total{cause="forged"}
   */
  test('a forged standing frees no suspended session, and opens none', async () => {
    const sessionId = await world.openSession()
    const unknown = world.newSession()
    await suspend(sessionId)
    const before = await counted('forged')
    const trusted = { sessionId, version: 99, standing: 'trusted' } as const
    await publish(sessionId, decisionOf(trusted, liar))
    await publish(sessionId, { ...decisionOf(trusted), keyId: '', signature: Buffer.alloc(0) })
    await publish(sessionId, { ...decisionOf({ ...trusted, version: 0 }), standingVersion: 99 })
    await publish(sessionId, { ...decisionOf({ ...trusted, sessionId: unknown }), sessionId })
    await publish(unknown, decisionOf({ ...trusted, sessionId: unknown }, liar))
    await eventually('five to be counted', async () => (await counted('forged')) === before + 5)
    assert.equal(await refusalOf(sessionId), 'SESSION_SUSPENDED')
    assert.equal(await refusalOf(unknown), 'SESSION_UNKNOWN')
    await eventually('the signal', async () => (await signalsOf(sessionId)).length > 0)
    const signals = await signalsOf(sessionId)
    assert.deepEqual(
      signals.map(({ kind, standing }) => [kind, standing]),
      [['decision_forged', 'suspended']],
    )
  })

  /**
   * @fault somebody writes an older decision into `session-decisions` again, also under a higher version
   * @behaviour nothing changes: a suspended session stays suspended; one signal `decision_replayed` per session and minute
   * @counter cordon_engine_decisions_refused_total{cause="replayed"}
   */
  test('a replayed standing frees no suspended session', async () => {
    const sessionId = await world.openSession()
    await suspend(sessionId)
    const before = await counted('replayed')
    const trusted = decisionOf({ sessionId, version: 0, standing: 'trusted' })
    for (const version of [0, 10, 1_000_000]) await publish(sessionId, { ...trusted, version })
    await eventually('three to be counted', async () => (await counted('replayed')) === before + 3)
    assert.equal(await refusalOf(sessionId), 'SESSION_SUSPENDED')
    await eventually('the signal', async () => (await signalsOf(sessionId)).length > 0)
    assert.deepEqual(
      (await signalsOf(sessionId)).map(({ kind }) => kind),
      ['decision_replayed'],
    )
  })

  /**
   * @fault somebody who reads `session-events` writes a forged verdict `forward` into `gate-verdicts` while the call waits
   * @behaviour nothing changes: the call is answered as the scorer says, or denied where it says nothing (`GATE_TIMEOUT`); one signal `verdict_forged` per session and minute
   * @counter cordon_engine_decisions_refused_total{cause="verdict_forged"}
   */
  test('a forged verdict lets no gated call through', async () => {
    const sessionId = await world.openSession()
    const token = await world.tokenOf(sessionId)
    const call = { token, server: 'files', tool: 'send_mail', arguments: { path: '/data/a' } }
    const written: Promise<unknown>[] = []
    world.scorer.judge = ({ engineId, invocationId, sequence }) => {
      const verdict = 'forward' as const
      const claim = { engineId, sessionId, invocationId, verdict }
      const unsigned = { standing: 'trusted', score: 1, evidence: 0, contributions: [], version: 1 } as const
      for (const signature of [liar.signVerdict(claim), { keyId: '', signature: Buffer.alloc(0) }]) {
        const forged = { ...claim, ...unsigned, sequence, decidedAt: Date.now(), ...signature }
        const value = world.codec.encode('gate-verdicts', 'GateVerdict', forged)
        const partition = partitionOfSession(sessionId)
        written.push(publisher.publish([{ topic: 'gate-verdicts', partition, key: engineId, value }]))
      }
      return undefined
    }
    assert.equal((await world.client.authorize(call)).refusal?.reason, 'GATE_TIMEOUT')
    await Promise.all(written)
    assert.equal(written.length, 2)
    assert.equal(await counted('verdict_forged'), 2)
    await eventually('the signal', async () => (await signalsOf(sessionId)).length > 0)
    assert.deepEqual(
      (await signalsOf(sessionId)).map(({ kind, standing }) => [kind, standing]),
      [['verdict_forged', 'trusted']],
    )
    world.scorer.judge = () => 'forward'
    assert.equal((await world.client.authorize(call)).verdict, 'forward')
  })

  /**
   * @fault somebody writes forged beats into `session-decisions` while the scorer is dead
   * @behaviour the engine sees that the scorer is dead: sensitive calls are denied (`SESSION_STALE`)
   * @counter cordon_engine_decisions_refused_total{cause="beat_forged"}
   */
  test('a forged beat does not bring a dead scorer back to life', async () => {
    const sessionId = await world.openSession()
    world.scorer.stopBeating()
    const token = await world.tokenOf(sessionId)
    const write = { token, server: 'files', tool: 'write_file', arguments: { path: '/data/a' } }
    await eventually('a stale partition', async () => {
      const beat = beatOf(
        { partition: partitionOfSession(sessionId), position: 1_000, beatAt: Date.now() },
        liar,
      )
      const value = world.codec.encode('session-decisions', 'Beat', beat)
      const { partition } = beat
      await publisher.publish([{ topic: 'session-decisions', partition, key: '\0beat', value }])
      return (await world.client.authorize(write)).refusal?.reason === 'SESSION_STALE'
    })
    assert.ok((await counted('beat_forged')) > 0)
  })
})
