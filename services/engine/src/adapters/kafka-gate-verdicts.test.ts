import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseEngineId, parseInvocationId, parseSessionId, partitionOfSession } from '@cordon/foundation'
import type { GateVerdict } from '@cordon/schemas'
import { createLocalSerde } from '@cordon/serde'
import type { Follower, FollowerOptions, StreamClient } from '@cordon/stream'

import { sessionId, verdictOf, verifier } from '../session-fixture.ts'
import { openKafkaGateVerdicts } from './kafka-gate-verdicts.ts'

const engineId = parseEngineId('engine-a')
const invocationId = parseInvocationId('invocation-1')
const codec = createLocalSerde()
const own = partitionOfSession(sessionId)

const verdict = verdictOf(invocationId, 'deny')

/** Verdicts come in when the test says so. */
const openVerdicts = async () => {
  let options: FollowerOptions | undefined
  const follower: Follower = {
    position: () => 0n,
    staleness: () => 0,
    follow: () => undefined,
    unfollow: () => undefined,
    failed: new Promise(() => undefined),
    close: () => Promise.resolve(),
  }
  const client: Pick<StreamClient, 'admin' | 'openFollower'> = {
    admin: {
      ensureTopics: () => Promise.resolve(),
      requireTopics: () => Promise.resolve(),
      partitionCount: () => Promise.resolve(2),
      endOffsets: () =>
        Promise.resolve(
          new Map([
            [0, 5n],
            [1, 7n],
          ]),
        ),
    },
    openFollower(given) {
      options = given
      return Promise.resolve(follower)
    },
  }
  const answered: string[] = []
  const faults: string[] = []
  let timeouts = 0
  const forged: string[] = []
  const verdicts = await openKafkaGateVerdicts({
    client,
    codec,
    engineId,
    verifier,
    onForged: about => forged.push(about),
    onAnswered: ({ verdict }) => answered.push(verdict),
    onTimeout: () => (timeouts += 1),
    onFault: (_record, error) => faults.push(String(error)),
  })
  const arrive = (value: GateVerdict, key: string = value.engineId, partition = own): void =>
    void options!.onRecords(partition, [
      {
        topic: 'gate-verdicts',
        partition,
        offset: 9n,
        timestamp: 0,
        key: Buffer.from(key),
        value: codec.encode('gate-verdicts', 'GateVerdict', value),
      },
    ])
  return {
    verdicts,
    arrive,
    answered,
    faults,
    from: options!.from,
    timeouts: () => timeouts,
    forged,
  }
}

test('reads from the end, every partition', async () => {
  const { from } = await openVerdicts()
  assert.deepEqual(
    [...from],
    [
      [0, 5n],
      [1, 7n],
    ],
  )
})

test('gives each call its verdict, once', async () => {
  const { verdicts, arrive, answered } = await openVerdicts()
  const expected = verdicts.expect(sessionId, invocationId, 1_000)
  assert.equal(verdicts.waiting, 1)
  arrive({ ...verdict, invocationId: 'another' })
  arrive(verdict)
  arrive({ ...verdict, verdict: 'forward' })
  assert.equal((await expected.arrived)?.verdict, 'deny')
  assert.deepEqual([answered, verdicts.waiting], [['deny'], 0])
})

test('a verdict for another engine is not ours, whatever key it comes under', async () => {
  const { verdicts, arrive, timeouts } = await openVerdicts()
  const expected = verdicts.expect(sessionId, invocationId, 5)
  arrive({ ...verdict, engineId: 'engine-b' })
  arrive({ ...verdict, engineId: 'engine-b' }, engineId)
  assert.equal(await expected.arrived, undefined)
  assert.equal(timeouts(), 1)
})

test('an abandoned call waits for nothing and is no time-out', async () => {
  const { verdicts, timeouts } = await openVerdicts()
  const expected = verdicts.expect(sessionId, invocationId, 5)
  expected.abandon()
  assert.equal(await expected.arrived, undefined)
  await new Promise(resolve => setTimeout(resolve, 10))
  assert.deepEqual([verdicts.waiting, timeouts()], [0, 0])
})

test('rejects a verdict that stands on another partition than its session', async () => {
  const { verdicts, arrive, faults } = await openVerdicts()
  const expected = verdicts.expect(sessionId, invocationId, 5)
  arrive({ ...verdict, verdict: 'forward' }, engineId, own + 1)
  arrive({ ...verdict, verdict: 'forward', sessionId: 'of nobody' })
  assert.equal(await expected.arrived, undefined)
  assert.deepEqual(
    faults.map(fault => /partition \d: expected a verdict on a session of this partition/.test(fault)),
    [true, true],
  )
})

test('rejects a forged verdict, and goes on waiting for the true one', async () => {
  const { verdicts, arrive, forged } = await openVerdicts()
  const expected = verdicts.expect(sessionId, invocationId, 1_000)
  arrive({ ...verdict, verdict: 'forward' })
  arrive({ ...verdict, verdict: 'forward', keyId: '', signature: Buffer.alloc(0) })
  arrive({ ...verdictOf(parseInvocationId('invocation-2'), 'forward'), invocationId })
  arrive(verdict)
  assert.equal((await expected.arrived)?.verdict, 'deny')
  assert.deepEqual(forged, [sessionId, sessionId, sessionId])
})

test('rejects a verdict on a call of another session, however well it is signed', async () => {
  const { verdicts, arrive, forged } = await openVerdicts()
  const another = parseSessionId(`${own}.01890a5d-ac96-774b-bcce-b302099a8057`)
  const expected = verdicts.expect(another, invocationId, 5)
  arrive(verdictOf(invocationId, 'forward'))
  assert.equal(await expected.arrived, undefined)
  assert.deepEqual(forged, [another])
})
