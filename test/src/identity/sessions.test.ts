import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'

import { addHuman } from '@cordon/identity/humans'
import { findFreePort, openWorkplace, startPostgres } from '@cordon/infra'
import { openSerde } from '@cordon/serde'
import { createTokenVerifier, parseKeySet, verifyStatusList } from '@cordon/tokens'

import { registryUrl } from '../serde/registry-probe.ts'
import { eventually } from '../support/eventually.ts'
import { openTestStream } from '../support/test-stream.ts'
import { type IdentityProcess, startIdentityProcess } from './identity-process.ts'
import { type IdentityFiles, issuer, makeIdentityFiles } from './identity-world.ts'
import { createPlatform, type Platform } from './platform.ts'
import { type ScriptedScorer, startScriptedScorer } from './scripted-scorer.ts'

const partitions = 3

interface Opened {
  readonly sessionId: string
  readonly refreshToken: string
  readonly platform: Platform
}

interface Scene {
  readonly scorer: ScriptedScorer
  readonly files: IdentityFiles
  readonly start: (more?: Readonly<Record<string, string>>) => Promise<IdentityProcess>
}

/** @param connectionString of a PostgreSQL server; absent: the embedded database */
const prepare = async (t: TestContext, limits: object = {}, connectionString?: string): Promise<Scene> => {
  const { client, settings } = await openTestStream(t, {
    topics: ['session-events', 'session-decisions', 'revocations'],
    partitions,
  })
  const codec = await openSerde({
    registry: { url: registryUrl() },
    topicPrefix: settings.topicPrefix,
    register: true,
  })
  const files = await makeIdentityFiles(t, limits, connectionString)
  return {
    scorer: await startScriptedScorer(client, codec, partitions),
    files,
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

const endOf = (scorer: ScriptedScorer, sessionId: string): string | undefined =>
  scorer.seen.flatMap(({ name, value }) =>
    name === 'SessionEnded' && value.sessionId === sessionId ? [value.reason] : [],
  )[0]

const keySet = async (identity: IdentityProcess) =>
  parseKeySet(await (await fetch(`${identity.url}/.well-known/jwks.json`)).json())

test('a session is opened, used, suspended and ended over Kafka', async t => {
  const { scorer, start } = await prepare(t)
  const identity = await start()
  assert.equal((await fetch(`${identity.operationsUrl}/readyz`)).status, 200)
  const platform = createPlatform(() => identity.url)
  const opened = await platform.open()
  assert.equal(opened.status, 200, JSON.stringify(opened.body))
  const { session_id: sessionId, access_token: text, refresh_token: refreshToken } = opened.body
  const record = scorer.seen.find(({ name }) => name === 'SessionOpened')
  assert.ok(record?.name === 'SessionOpened')
  assert.deepEqual(
    [record.value.sessionId, record.value.human, record.value.deployer, record.value.holder],
    [sessionId, 'sue', 'acme', platform.key.thumbprint],
  )
  const keys = await keySet(identity)
  const verified = createTokenVerifier({ issuer, keys: () => keys }).verify(text, 'files', Date.now())
  assert.ok(verified.ok)
  assert.equal(verified.token.sessionId, sessionId)
  const { index, uri } = verified.token.status
  const statusNow = async () => {
    const list = await (await fetch(`${identity.url}${new URL(uri).pathname}`)).text()
    const read = verifyStatusList(list, { issuer, uri }, keys, Date.now())
    return typeof read === 'string' ? read : read.list.get(index)
  }
  assert.equal(await statusNow(), 'valid')

  assert.equal((await platform.renew(refreshToken, { resource: 'urn:cordon:server:postgres' })).status, 200)
  await scorer.decide(sessionId, 'suspended')
  await eventually('renewal to be refused', async () => {
    const { status, body } = await platform.renew(refreshToken)
    return status === 400 && body.error === 'invalid_grant' && body.code === 'SESSION_SUSPENDED'
  })
  await eventually('the status list to say so', async () => (await statusNow()) === 'suspended')
  assert.equal((await platform.close(refreshToken)).status, 200)
  await eventually('the end to be in the log', () => endOf(scorer, sessionId) === 'closed')
  await eventually('the status list to say so', async () => (await statusNow()) === 'invalid')

  assert.equal(await identity.stop('SIGTERM'), 0)
  assert.deepEqual(
    identity.log.filter(({ level }) => level !== 'info' || /refused/.test(level)),
    [],
  )
})

test('without a scorer an opening is answered 503 and leaves an ended session in the log', async t => {
  const { scorer, start } = await prepare(t)
  scorer.answers = false
  const identity = await start({ CORDON_OPENING_TIMEOUT_MS: '300' })
  const { status, body } = await createPlatform(() => identity.url).open()
  assert.deepEqual([status, body.error, body.code], [503, 'temporarily_unavailable', 'DECISION_MISSING'])
  await eventually('both records', () => scorer.seen.length === 2)
  assert.deepEqual(
    scorer.seen.map(({ name }) => name),
    ['SessionOpened', 'SessionEnded'],
  )
})

/** Kills identity while platforms exchange, and asks everything that was answered again. */
const killInExchanges = async ({ scorer, start }: Scene): Promise<void> => {
  let identity = await start()
  const before = [...(await keySet(identity)).keys()]
  const answered: Opened[] = []
  for (let round = 0; round < 3; round += 1) {
    // Whoever is not answered is refused the connection, and may ask again.
    const asking = Promise.allSettled(
      Array.from({ length: 60 }, async (_, index) => {
        const platform = createPlatform(() => identity.url)
        await pause(index * 20)
        const { status, body } = await platform.open()
        if (status === 200)
          answered.push({ sessionId: body.session_id, refreshToken: body.refresh_token, platform })
      }),
    )
    const enough = answered.length + 5
    await eventually('some to be answered', () => answered.length >= enough)
    await identity.stop('SIGKILL')
    await asking
    identity = await start()
  }
  assert.deepEqual([...(await keySet(identity)).keys()], before)
  for (const { platform, refreshToken } of answered) {
    const renewed = await platform.renew(refreshToken)
    assert.equal(renewed.status, 200, JSON.stringify(renewed.body))
  }
  for (const { platform, refreshToken, sessionId } of answered) {
    assert.equal((await platform.close(refreshToken)).status, 200)
    await eventually('its end', () => endOf(scorer, sessionId) === 'closed')
  }
}

/**
 * @fault identity is killed (SIGKILL) again and again while platforms exchange and renew
 * @behaviour every session that was answered can be renewed and ended afterwards; keys stay; a proof that was used stays used
 * @counter none: what is lost shows nowhere, which is what the test looks for
 */
test('killed in the middle of exchanges, identity loses nothing that it answered', async t =>
  killInExchanges(await prepare(t)))

test('killed in the middle of exchanges with a PostgreSQL server, identity loses nothing that it answered', async t => {
  const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
  t.after(async () => workplace.close())
  const { connectionString, kind } = await startPostgres(workplace)
  t.diagnostic(kind)
  await killInExchanges(await prepare(t, {}, connectionString))
})

test('a session whose platform stops renewing, or whose life is over, is ended, whoever opened it', async t => {
  const { scorer, start } = await prepare(t, { sessionLifeMs: 4000, renewalGraceMs: 1000 })
  const first = await start()
  const { body } = await createPlatform(() => first.url).open()
  assert.ok(Date.now() + body.expires_in * 1000 <= Date.parse(body.ends_at), 'no token outlives its session')
  await first.stop('SIGKILL')
  await start()
  await eventually('the session to expire', () => endOf(scorer, body.session_id) === 'expired')
})

test('what an operator revokes is refused, stands signed in the topic, and comes back after a restart', async t => {
  const { files, start } = await prepare(t)
  const first = await start()
  const platform = createPlatform(() => first.url)
  const { refresh_token: refreshToken } = (await platform.open()).body
  const operate = async (identity: IdentityProcess, method: string, path: string, body?: object) =>
    fetch(`${identity.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${files.operatorSecret}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const scope = 'agent:agent-7'
  assert.equal((await operate(first, 'POST', '/revocations', { scope, reason: 'it misbehaves' })).status, 201)
  assert.equal((await platform.renew(refreshToken)).body.code, 'REVOKED')
  await first.stop('SIGKILL')
  const second = await start()
  const again = createPlatform(() => second.url, platform.key)
  assert.equal((await again.renew(refreshToken)).body.code, 'REVOKED')
  assert.equal((await operate(second, 'DELETE', `/revocations/${encodeURIComponent(scope)}`)).status, 200)
  assert.equal((await again.renew(refreshToken)).status, 200)
  assert.equal((await operate(second, 'POST', '/keys/rotate')).status, 201)
  assert.equal((await keySet(second)).size, 2)
})

test('humans sign in below /oidc of the same address, where there is a humans file', async t => {
  const { files, start } = await prepare(t)
  const port = await findFreePort()
  const own = `http://127.0.0.1:${port}`
  const humansFile = join(files.folder, 'humans.json')
  const alice = { subject: 'alice', name: 'Alice', email: 'alice@example.com', groups: [] }
  await addHuman(humansFile, alice, 'correct horse battery')
  const identity = await start({
    CORDON_ISSUER: own,
    CORDON_IDENTITY_PORT: String(port),
    CORDON_IDENTITY_HUMANS_FILE: humansFile,
  })
  assert.equal(identity.url, own)
  const discovered = await fetch(`${own}/oidc/.well-known/openid-configuration`)
  const { issuer: provider } = (await discovered.json()) as { issuer: string }
  assert.equal(provider, `${own}/oidc`)
  const metadata = await fetch(`${own}/.well-known/oauth-authorization-server`)
  assert.equal(((await metadata.json()) as { issuer: string }).issuer, own)
  const event = await fetch(`${own}/caep`, {
    method: 'POST',
    headers: { 'content-type': 'application/secevent+jwt' },
    body: 'made up',
  })
  assert.equal(event.status, 400)
})
