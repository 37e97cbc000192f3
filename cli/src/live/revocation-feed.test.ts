import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'

import { topicCatalogue } from '@cordon/schemas'
import { createLocalSerde } from '@cordon/serde'
import { createMemoryClient, MemoryCluster, type StreamClient } from '@cordon/stream'
import {
  generateSigningKeyPem,
  openSigningKey,
  type RevocationVerification,
  signRevocation,
  type SigningKey,
} from '@cordon/tokens'

import { openFactFeed } from './fact-feed.ts'
import { identityStatements, type ReadStatement } from './identity-statements.ts'

const codec = createLocalSerde()
const issuedAt = Date.UTC(2026, 10, 30, 12)
/** An unknown key has them fetched again after as long. */
const keysAreRecentMs = 10_000
const unshowable = 'agent:unshowable'

/** Publishes its keys where it is not away, and nothing else. */
const openIdentity = async (t: TestContext) => {
  const key = await openSigningKey(generateSigningKeyPem())
  const published = { keys: [key], isAway: false }
  const server = createServer(({ url }, response) => {
    if (published.isAway) response.statusCode = 503
    else response.statusCode = url === '/.well-known/jwks.json' ? 200 : 404
    response.end(JSON.stringify({ keys: published.keys.map(({ publicJwk }) => publicJwk) }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const away = `keys at ${issuer}/.well-known/jwks.json: fetch: expected status 200, got 503`
  return { key, published, issuer, away }
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

/** What was fed, as it comes; `until` waits for a line. */
class Lines {
  readonly all: string[] = []
  readonly #awaited = new Map<string, () => void>()

  add(line: string): void {
    this.all.push(line)
    this.#awaited.get(line)?.()
  }

  until(line: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#awaited.set(line, resolve)
    if (this.all.includes(line)) resolve()
    return promise
  }
}

/** A log of statements, and a feed of them by a clock that stands still unless it is set. */
const openFeed = async (t: TestContext) => {
  const identity = await openIdentity(t)
  const { key, issuer } = identity
  const client = await openLog(t)
  const publisher = await client.openPublisher()
  const say = (scope: string, by: SigningKey = key, about = scope, saidBy = issuer) => {
    const statement = { scope: about, active: true, version: 1, issuedAt, by: 'operator', reason: 'odd' }
    const value = codec.encode('revocations', 'Revocation', {
      scope,
      statement: signRevocation(by, saidBy, statement),
    })
    return publisher.publish([{ topic: 'revocations', partition: 1, key: scope, value }])
  }
  const clock = { at: issuedAt, now: () => clock.at }
  const seen = new Lines()
  const skipped = new Lines()
  const interrupted = new Lines()
  const onKeysAway = (reason: string) => interrupted.add(reason)
  const readStatement = identityStatements({ issuer, clock, onKeysAway, retryMs: 1 })
  const open = async (waitingLimit = 1000, slowed: (read: ReadStatement) => ReadStatement = read => read) => {
    const feed = await openFactFeed({
      client,
      codec,
      readStatement: slowed(readStatement),
      onFact: fact => {
        assert.ok(fact.kind === 'revocation')
        if (fact.scope === unshowable) throw new RangeError('cannot be shown')
        seen.add(`${fact.scope} ${fact.isNew ? 'now' : 'before'}: ${fact.reason} by ${fact.by}`)
      },
      onSkipped: reason => skipped.add(reason),
      onInterrupted: (_topic, reason) => interrupted.add(reason),
      waitingLimit,
    })
    t.after(() => feed.close())
    return feed
  }
  return { ...identity, say, clock, seen, skipped, interrupted, open }
}

const notPublished =
  "revocation: expected a statement of identity about the record's scope, got one under a key that identity does not publish"
const notItsOwn =
  "revocation: expected a statement of identity about the record's scope, got one that is not its own"

test('what identity says of the kill switch is shown, what was said before the view began as well; what a stranger says is not', async t => {
  const { key, say, clock, seen, skipped, open } = await openFeed(t)
  const stranger = await openSigningKey(generateSigningKeyPem())
  await say('human:before')
  await open()
  await say('agent:a')
  await seen.until('agent:a now: odd by operator')
  clock.at += 1
  await say('agent:b', stranger)
  await say('agent:b', key, 'agent:c')
  await say('agent:b', key, 'agent:b', 'http://elsewhere.example')
  await say('human:last')
  await seen.until('human:last now: odd by operator')
  assert.deepEqual(seen.all, [
    'human:before before: odd by operator',
    'agent:a now: odd by operator',
    'human:last now: odd by operator',
  ])
  assert.deepEqual(skipped.all, [`revocations 1@3: ${notItsOwn}`, `revocations 1@4: ${notItsOwn}`])
  // Only keys that were fetched after the stranger spoke can tell that it is none of identity's.
  clock.at += keysAreRecentMs
  await skipped.until(`revocations 1@2: ${notPublished}`)
})

test('a stop that is read while the keys of identity cannot be had is shown once they can, and until then that they cannot', async t => {
  const { published, away, say, clock, seen, skipped, interrupted, open } = await openFeed(t)
  published.isAway = true
  await say('human:before')
  await open()
  await interrupted.until(away)
  await say('agent:a')
  published.isAway = false
  clock.at += keysAreRecentMs
  await seen.until('human:before before: odd by operator')
  await seen.until('agent:a now: odd by operator')
  assert.deepEqual(interrupted.all, [away])
  assert.deepEqual(skipped.all, [])
})

test('a stop under a new key of identity is shown, though a stranger had the keys fetched a moment before', async t => {
  const { published, say, clock, seen, skipped, open } = await openFeed(t)
  await open()
  await say('agent:stranger', await openSigningKey(generateSigningKeyPem()))
  await skipped.until(`revocations 1@0: ${notPublished}`)
  const renewed = await openSigningKey(generateSigningKeyPem())
  published.keys = [...published.keys, renewed]
  clock.at += 1
  await say('agent:a', renewed)
  await say('agent:held')
  await seen.until('agent:held now: odd by operator')
  clock.at += keysAreRecentMs
  await seen.until('agent:a now: odd by operator')
  assert.equal(skipped.all.length, 1)
})

test('of more stops than may wait for keys none is lost, and reading waits', async t => {
  let waiting = 0
  let mostWaiting = 0
  const { say, seen, skipped, open } = await openFeed(t)
  const names = ['a', 'b', 'c', 'd', 'e']
  for (const name of names) await say(`agent:${name}`)
  await open(2, read => async (...statement) => {
    waiting += 1
    mostWaiting = Math.max(mostWaiting, waiting)
    await pause(20)
    waiting -= 1
    return read(...statement)
  })
  for (const name of names) await seen.until(`agent:${name} before: odd by operator`)
  assert.ok(mostWaiting <= 2, `expected 2 at most, got ${mostWaiting}`)
  assert.deepEqual(skipped.all, [])
})

test('a feed that closes while a stop waits for keys neither shows it nor says that it was unreadable', async t => {
  const { published, away, say, seen, skipped, interrupted, open } = await openFeed(t)
  published.isAway = true
  await say('agent:a')
  const feed = await open()
  await interrupted.until(away)
  await feed.close()
  await turn()
  assert.deepEqual([seen.all, skipped.all, interrupted.all], [[], [], [away]])
})

test('a stop that was judged only after its feed was closed is not shown', async t => {
  const { say, seen, open } = await openFeed(t)
  const asked = Promise.withResolvers<void>()
  const judged = Promise.withResolvers<RevocationVerification>()
  await say('agent:a')
  const feed = await open(1000, () => () => {
    asked.resolve()
    return judged.promise
  })
  await asked.promise
  await feed.close()
  judged.resolve({ scope: 'agent:a', active: true, version: 1, issuedAt, by: 'operator', reason: 'odd' })
  await turn()
  assert.deepEqual(seen.all, [])
})

test('a stop that cannot be shown is told of, and those after it are shown', async t => {
  const { say, seen, interrupted, open } = await openFeed(t)
  await open()
  await say(unshowable)
  await say('agent:a')
  await seen.until('agent:a now: odd by operator')
  assert.deepEqual(interrupted.all, ['cannot be shown'])
})
