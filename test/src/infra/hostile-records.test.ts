import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test, type TestContext } from 'node:test'

import { makeSessionId, partitionOfSession, type SessionId } from '@cordon/foundation'
import type { ServiceName, Stack } from '@cordon/infra'
import type { DeadLetter, Standing, TopicName } from '@cordon/schemas'
import { openSerde, type Serde } from '@cordon/serde'
import { openKafkaClient, type OutgoingRecord, type StreamClient } from '@cordon/stream'

import type { Agent } from '../proxy/agent.ts'
import type { Cleanup } from '../support/cleanup.ts'
import { eventually } from '../support/eventually.ts'
import { openSession } from '../support/opened-session.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { decisionOf } from '../support/test-signer.ts'
import { connectAgent, engineId, gatedCall, metricOf, readOnlyCall, startToolStack } from './stack-session.ts'

const partitions = 2
const noAvro = Buffer.from('not Avro')
/** The wire format of a registry's schema (a zero, then its id), with an id that no registry here has given. */
const unknownSchema = Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3])

/** Somebody who may write the topics. */
interface Scene {
  readonly stack: Stack
  readonly client: StreamClient
  readonly codec: Serde
  readonly write: (topic: TopicName, partition: number, key: string, value: Buffer) => Promise<void>
}

/** A session that works meanwhile. */
interface Work {
  readonly agent: Agent
  readonly sessionId: SessionId
}

const openScene = async (t: Cleanup): Promise<Scene> => {
  const stack = await startToolStack(t)
  const { settings } = stack.broker
  const client = openKafkaClient(settings, { log: recordedLog() })
  t.after(async () => await client.close())
  const { topicPrefix } = settings
  const codec = await openSerde({ registry: stack.registry.settings, topicPrefix, register: false })
  const publisher = await client.openPublisher()
  return {
    stack,
    client,
    codec,
    write: async (topic, partition, key, value) => {
      const record: OutgoingRecord = { topic, partition, key, value }
      await publisher.publish([record])
    },
  }
}

const beginWork = async (t: TestContext, { stack }: Scene): Promise<Work> => {
  const session = await openSession(stack)
  assert.ok(session)
  const agent = await connectAgent(t, stack, session)
  await eventually('a gated call', async () => (await gatedCall(agent)).endsWith('is 5.'))
  return { agent, sessionId: session.sessionId as SessionId }
}

/** Since it was called. */
const countFrom = async (
  { stack }: Scene,
  service: ServiceName,
  name: string,
): Promise<() => Promise<number>> => {
  const before = await metricOf(stack, service, name)
  return async () => (await metricOf(stack, service, name)) - before
}

const otherPartition = (sessionId: SessionId): number => (partitionOfSession(sessionId) + 1) % partitions

const deadLettersOf = async ({ client, codec }: Scene, of: TopicName): Promise<readonly DeadLetter[]> => {
  const letters: DeadLetter[] = []
  const table = await client.openTable({
    topic: 'dead-letters',
    maxWaitMs: 100,
    onRecord: ({ value }) => {
      const decoded = value === null ? undefined : codec.decode(value)
      if (decoded?.name === 'DeadLetter' && decoded.value.topic === of) letters.push(decoded.value)
    },
  })
  await table.caughtUp
  await table.close()
  return letters
}

const goesOn = async ({ agent }: Work): Promise<void> => {
  await eventually('a gated call', async () => (await gatedCall(agent)).endsWith('is 5.'))
  assert.match(await readOnlyCall(agent), /hello$/)
}

const decisionBytes = (codec: Serde, sessionId: SessionId, standing: Standing): Buffer =>
  codec.encode(
    'session-decisions',
    'SessionDecision',
    decisionOf({ sessionId, version: 1_000_000, standing }),
  )

const verdictBytes = (codec: Serde, sessionId: SessionId): Buffer =>
  codec.encode('gate-verdicts', 'GateVerdict', {
    engineId,
    sessionId,
    invocationId: randomUUID(),
    sequence: 0,
    verdict: 'forward',
    standing: 'trusted',
    score: 0,
    evidence: 0,
    contributions: [],
    version: 1,
    decidedAt: Date.now(),
    keyId: '',
    signature: Buffer.alloc(0),
  })

// Nothing that is written here stops anything: one stack is enough for all of it.
let scene: Scene
const closers: (() => Promise<void> | void)[] = []
before(async () => {
  scene = await openScene({ after: close => void closers.push(close) })
})
after(async () => {
  for (const close of closers.reverse()) await close()
})

/**
 * @input records of `session-events` that are not Avro, name an unknown schema, or stand on another partition than their session
 * @behaviour the scorer puts them into `dead-letters` with the reason and goes on
 * @counter cordon_scorer_poisoned_total
 */
test('events that nobody can read, or that stand where they do not belong, become dead letters', async t => {
  const work = await beginWork(t, scene)
  const { codec, write } = scene
  const { sessionId } = work
  const own = partitionOfSession(sessionId)
  const poisoned = await countFrom(scene, 'scorer', 'cordon_scorer_poisoned_total')
  await write('session-events', own, makeSessionId(own, randomUUID()), noAvro)
  await write('session-events', own, makeSessionId(own, randomUUID()), unknownSchema)
  const ended = codec.encode('session-events', 'SessionEnded', {
    sessionId,
    endedAt: Date.now(),
    reason: 'closed',
  })
  await write('session-events', otherPartition(sessionId), sessionId, ended)

  await eventually('three dead letters', async () => (await poisoned()) === 3)
  const lettersNow = async () => deadLettersOf(scene, 'session-events')
  await eventually('them in the topic', async () => (await lettersNow()).length === 3)
  const letters = await lettersNow()
  const placed = letters.map(({ topic, partition, value }) => ({ topic, partition, value }))
  assert.deepEqual(
    placed.toSorted((a, b) => Math.abs(a.partition - own) - Math.abs(b.partition - own)),
    [
      { topic: 'session-events', partition: own, value: noAvro },
      { topic: 'session-events', partition: own, value: unknownSchema },
      { topic: 'session-events', partition: otherPartition(sessionId), value: ended },
    ],
  )
  for (const { reason } of letters) assert.match(reason, /expected .+, got /)
  await goesOn(work)
})

/**
 * @input records of `session-decisions` that are not Avro, name an unknown schema, or stand on another partition than their session
 * @behaviour engine and identity count them; they change nothing
 * @counter cordon_engine_records_unreadable_total
 */
test('decisions that nobody can read, or that stand where they do not belong, change nothing', async t => {
  const work = await beginWork(t, scene)
  const { codec, write } = scene
  const { sessionId } = work
  const own = partitionOfSession(sessionId)
  const engineCounts = await countFrom(scene, 'engine', 'cordon_engine_records_unreadable_total')
  const identityCounts = await countFrom(scene, 'identity', 'cordon_identity_records_skipped_total')
  await write('session-decisions', own, makeSessionId(own, randomUUID()), noAvro)
  await write('session-decisions', own, makeSessionId(own, randomUUID()), unknownSchema)
  await write(
    'session-decisions',
    otherPartition(sessionId),
    sessionId,
    decisionBytes(codec, sessionId, 'suspended'),
  )
  const other = makeSessionId(own, randomUUID())
  await write('session-decisions', own, other, decisionBytes(codec, sessionId, 'suspended'))

  await eventually('the engine to count four', async () => (await engineCounts()) === 4)
  await eventually('identity to count four', async () => (await identityCounts()) === 4)
  await goesOn(work)
  assert.ok(await openSession(scene.stack))
})

/**
 * @input records of `gate-verdicts` that are not Avro, name an unknown schema, or stand on another partition than their session
 * @behaviour the engine counts them; calls that wait get their own verdict
 * @counter cordon_engine_records_unreadable_total
 */
test('verdicts that nobody can read, or that stand where they do not belong, answer no call', async t => {
  const work = await beginWork(t, scene)
  const { codec, write } = scene
  const { sessionId } = work
  const own = partitionOfSession(sessionId)
  const unreadable = await countFrom(scene, 'engine', 'cordon_engine_records_unreadable_total')
  await write('gate-verdicts', own, engineId, noAvro)
  await write('gate-verdicts', own, engineId, unknownSchema)
  await write('gate-verdicts', otherPartition(sessionId), engineId, verdictBytes(codec, sessionId))
  await eventually('the engine to count three', async () => (await unreadable()) === 3)
  await goesOn(work)
})

/**
 * @input records of `agent-baselines` that are not Avro, name an unknown schema, or stand under another subject's key
 * @behaviour the scorer counts them and passes them over; sessions are judged by what it holds
 * @counter cordon_scorer_baselines_unreadable_total
 */
test('baselines that nobody can read, or that stand where they do not belong, teach nothing', async t => {
  const work = await beginWork(t, scene)
  const { codec, write } = scene
  const unreadable = await countFrom(scene, 'scorer', 'cordon_scorer_baselines_unreadable_total')
  await write('agent-baselines', 0, 'agent/a@1', noAvro)
  await write('agent-baselines', 1, 'agent/b@1', unknownSchema)
  const ofAnother = codec.encode('agent-baselines', 'AgentBaseline', {
    subject: 'agent/c',
    version: 1,
    publishedAt: Date.now(),
    sessions: 1,
    baseline: '{}',
  })
  await write('agent-baselines', 0, 'agent/d@1', ofAnother)
  await eventually('three counted', async () => (await unreadable()) === 3)
  await goesOn(work)
  assert.ok(await openSession(scene.stack))
})

/**
 * @input records of `baseline-contributions` that are not Avro or name an unknown schema
 * @behaviour the profiler puts them into `dead-letters` with the reason and goes on
 * @counter cordon_scorer_profiler_poisoned_total
 */
test('contributions that nobody can read become dead letters', async t => {
  const work = await beginWork(t, scene)
  const { write } = scene
  const poisoned = await countFrom(scene, 'scorer', 'cordon_scorer_profiler_poisoned_total')
  await write('baseline-contributions', 0, 'agent/a', noAvro)
  await write('baseline-contributions', 1, 'agent/b', unknownSchema)
  await eventually('two dead letters', async () => (await poisoned()) === 2)
  const lettersNow = async () => deadLettersOf(scene, 'baseline-contributions')
  await eventually('them in the topic', async () => (await lettersNow()).length === 2)
  const letters = await lettersNow()
  assert.deepEqual(
    letters
      .map(({ topic, partition, value }) => ({ topic, partition, value }))
      .toSorted((a, b) => a.partition - b.partition),
    [
      { topic: 'baseline-contributions', partition: 0, value: noAvro },
      { topic: 'baseline-contributions', partition: 1, value: unknownSchema },
    ],
  )
  for (const { reason } of letters) assert.match(reason, /expected .+, got /)
  await goesOn(work)
})

/**
 * @input records of `revocations` that are not Avro, name an unknown schema, or stand under another scope's key
 * @behaviour the engine counts them; nobody is stopped or let go
 * @counter cordon_engine_records_unreadable_total
 */
test('revocations that nobody can read, or that stand where they do not belong, stop nobody', async t => {
  const work = await beginWork(t, scene)
  const { codec, write } = scene
  const unreadable = await countFrom(scene, 'engine', 'cordon_engine_records_unreadable_total')
  await write('revocations', 0, 'everything:', noAvro)
  await write('revocations', 1, 'human:alice', unknownSchema)
  const ofAnother = codec.encode('revocations', 'Revocation', { scope: 'agent:other', statement: 'x.y.z' })
  await write('revocations', 0, 'everything:', ofAnother)
  await eventually('the engine to count three', async () => (await unreadable()) === 3)
  await goesOn(work)
  assert.ok(await openSession(scene.stack))
})
