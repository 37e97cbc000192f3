import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'

import { systemClock } from '@cordon/foundation'
import { topicCatalogue } from '@cordon/schemas'
import { createLocalSerde } from '@cordon/serde'
import { createMemoryClient, MemoryCluster, type StreamClient } from '@cordon/stream'
import { generateSigningKeyPem, openSigningKey, signRevocation, type SigningKey } from '@cordon/tokens'

import { openFactFeed } from './fact-feed.ts'
import { identityStatements } from './identity-statements.ts'

const codec = createLocalSerde()
const issuedAt = Date.UTC(2026, 10, 30, 12)

/** Publishes its keys, and nothing else. */
const openIdentity = async (t: TestContext) => {
  const key = await openSigningKey(generateSigningKeyPem())
  const server = createServer(({ url }, response) => {
    response.statusCode = url === '/.well-known/jwks.json' ? 200 : 404
    response.end(JSON.stringify({ keys: [key.publicJwk] }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return { key, issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const openLog = async (t: TestContext): Promise<StreamClient> => {
  const client = createMemoryClient({ cluster: new MemoryCluster() })
  t.after(() => client.close())
  await client.admin.ensureTopics(Object.values(topicCatalogue), {
    partitions: 2,
    replicationFactor: 1,
    minInSyncReplicas: 1,
  })
  return client
}

test('what identity says of the kill switch is shown, what was said before the view began as well; what a stranger says is not', async t => {
  const { key, issuer } = await openIdentity(t)
  const stranger = await openSigningKey(generateSigningKeyPem())
  const client = await openLog(t)
  const publisher = await client.openPublisher()
  const say = (scope: string, by: SigningKey, about = scope, saidBy = issuer) => {
    const statement = { scope: about, active: true, version: 1, issuedAt, by: 'operator', reason: 'odd' }
    const value = codec.encode('revocations', 'Revocation', {
      scope,
      statement: signRevocation(by, saidBy, statement),
    })
    return publisher.publish([{ topic: 'revocations', partition: 1, key: scope, value }])
  }
  await say('human:before', key)

  const seen: string[] = []
  const skipped: string[] = []
  const last = Promise.withResolvers<void>()
  const feed = await openFactFeed({
    client,
    codec,
    readStatement: identityStatements(issuer, systemClock),
    onFact: fact => {
      assert.ok(fact.kind === 'revocation')
      seen.push(`${fact.scope} ${fact.isNew ? 'now' : 'before'}: ${fact.reason} by ${fact.by}`)
      if (fact.scope === 'human:last') last.resolve()
    },
    onSkipped: reason => skipped.push(reason),
    onInterrupted: (_topic, reason) => last.reject(new Error(reason)),
  })
  t.after(() => feed.close())
  await say('agent:a', key)
  await say('agent:b', stranger)
  await say('agent:b', key, 'agent:c')
  await say('agent:b', key, 'agent:b', 'http://elsewhere.example')
  await say('human:last', key)
  await last.promise
  assert.deepEqual(seen, [
    'human:before before: odd by operator',
    'agent:a now: odd by operator',
    'human:last now: odd by operator',
  ])
  assert.equal(skipped.length, 3)
  assert.match(
    skipped[0]!,
    /^revocations 1@2: .*expected a statement of identity .*got one under a key that identity does not publish/,
  )
  assert.match(skipped[1]!, /^revocations 1@3: .*got one that is not its own/)
})
