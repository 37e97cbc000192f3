import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { openSerde } from '@cordon/serde'
import { createTokenVerifier, parseKeySet } from '@cordon/tokens'

import { registryUrl } from '../serde/registry-probe.ts'
import { eventually } from '../support/eventually.ts'
import { openTestStream } from '../support/test-stream.ts'
import { type IdentityProcess, makeIdentityFiles, startIdentityProcess } from './identity-process.ts'
import { type ScriptedScorer, startScriptedScorer } from './scripted-scorer.ts'

const partitions = 3
const opening = {
  human: 'alice',
  agentId: 'agent-7',
  role: 'analyst',
  platform: 'desk',
  tools: ['files/read_file', 'postgres/*'],
}

interface Scene {
  readonly scorer: ScriptedScorer
  readonly start: (more?: Readonly<Record<string, string>>) => Promise<IdentityProcess>
}

const prepare = async (t: TestContext): Promise<Scene> => {
  const { client, settings } = await openTestStream(t, {
    topics: ['session-events', 'session-decisions'],
    partitions,
  })
  const codec = await openSerde({
    registry: { url: registryUrl() },
    topicPrefix: settings.topicPrefix,
    register: true,
  })
  const files = await makeIdentityFiles(t)
  return {
    scorer: await startScriptedScorer(client, codec, partitions),
    start: async more => {
      const identity = await startIdentityProcess({
        ...files.variables,
        KAFKA_BROKERS: settings.brokers.join(','),
        SCHEMA_REGISTRY_URL: registryUrl(),
        CORDON_TOPIC_PREFIX: settings.topicPrefix,
        ...more,
      })
      t.after(async () => identity.stop('SIGKILL'))
      return identity
    },
  }
}

test('a session is opened, used, suspended and ended over Kafka', async t => {
  const { scorer, start } = await prepare(t)
  const identity = await start()
  assert.equal((await fetch(`${identity.operationsUrl}/readyz`)).status, 200)

  const opened = await identity.ask('POST', '/sessions', opening)
  assert.equal(opened.status, 201)
  const { sessionId, tokens } = opened.body
  const record = scorer.seen.find(({ name }) => name === 'SessionOpened')
  assert.deepEqual(
    { ...record?.value, openedAt: 0 },
    {
      sessionId,
      human: 'alice',
      agentId: 'agent-7',
      platform: 'desk',
      role: 'analyst',
      conversationId: null,
      intent: null,
      openedAt: 0,
      bundleVersion: 1,
    },
  )

  const keys = parseKeySet(await (await fetch(`${identity.url}/.well-known/jwks.json`)).json())
  const verifier = createTokenVerifier({ issuer: 'https://identity.example', keys: () => keys })
  const verified = verifier.verify(tokens['postgres'] ?? '', 'postgres', Date.now())
  assert.ok(verified.ok)
  assert.equal(verified.token.sessionId, sessionId)

  assert.equal((await identity.ask('POST', `/sessions/${sessionId}/tokens`)).status, 200)
  await scorer.decide(sessionId, 'suspended')
  await eventually('renewal to be refused', async () => {
    const { status, body } = await identity.ask('POST', `/sessions/${sessionId}/tokens`)
    return status === 403 && body.error === 'SESSION_SUSPENDED'
  })
  assert.equal((await identity.ask('DELETE', `/sessions/${sessionId}`)).status, 204)
  await eventually('the end to be in the log', () => scorer.seen.some(({ name }) => name === 'SessionEnded'))

  assert.equal(await identity.stop('SIGTERM'), 0)
  assert.deepEqual(
    identity.log.filter(({ level }) => level !== 'info'),
    [],
  )
})

test('sessions opened at once are spread over the partitions', async t => {
  const { start } = await prepare(t)
  const identity = await start()
  const answers = await Promise.all(
    Array.from({ length: 9 }, async () => identity.ask('POST', '/sessions', opening)),
  )
  const perPartition = Map.groupBy(answers, ({ body }) => body.sessionId.split('.', 1)[0])
  assert.deepEqual(
    [...perPartition.values()].map(list => list.length),
    [3, 3, 3],
  )
})

test('without a scorer an opening is answered 503 and leaves an ended session in the log', async t => {
  const { scorer, start } = await prepare(t)
  scorer.answers = false
  const identity = await start({ CORDON_OPENING_TIMEOUT_MS: '300' })
  const { status, body } = await identity.ask('POST', '/sessions', opening)
  assert.deepEqual([status, body.error], [503, 'DECISION_MISSING'])
  await eventually('both records', () => scorer.seen.length === 2)
  assert.deepEqual(
    scorer.seen.map(({ name }) => name),
    ['SessionOpened', 'SessionEnded'],
  )
})

test('killed and started again, identity keeps its key, ends the sessions it finds and refuses to renew them', async t => {
  const { scorer, start } = await prepare(t)
  const first = await start()
  const { sessionId } = (await first.ask('POST', '/sessions', opening)).body
  const { keys } = (await first.ask('GET', '/.well-known/jwks.json')).body
  await first.stop('SIGKILL')

  const second = await start()
  assert.deepEqual((await second.ask('GET', '/.well-known/jwks.json')).body.keys, keys)
  const renewal = await second.ask('POST', `/sessions/${sessionId}/tokens`)
  assert.deepEqual([renewal.status, renewal.body.error], [409, 'SESSION_NOT_HELD'])
  assert.equal((await second.ask('DELETE', `/sessions/${sessionId}`)).status, 204)
  await eventually('the end to be in the log', () => scorer.seen.some(({ name }) => name === 'SessionEnded'))
})

test('a session that outlives its longest life is ended in the log, whoever opened it', async t => {
  const { scorer, start } = await prepare(t)
  const first = await start({ CORDON_SESSION_LIFE_MS: '3000' })
  const { body } = await first.ask('POST', '/sessions', opening)
  assert.ok(Date.parse(body.expiresAt) <= Date.parse(body.endsAt), 'no token outlives its session')
  await first.stop('SIGKILL')
  await start({ CORDON_SESSION_LIFE_MS: '3000' })
  await eventually('the session to expire', () =>
    scorer.seen.some(
      ({ name, value }) =>
        name === 'SessionEnded' && value.sessionId === body.sessionId && value.reason === 'expired',
    ),
  )
})
