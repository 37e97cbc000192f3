import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { parseSessionId } from '@cordon/foundation'
import type { SigningKey } from '@cordon/tokens'
import { createTokenIssuer, directHuman, generateSigningKeyPem, openSigningKey } from '@cordon/tokens'

import { openHttpKeySet } from './http-key-set.ts'
import { createSessionTokens } from './session-tokens.ts'

const issuer = 'https://identity.example'

/** An issuer that publishes whatever keys it is told to; `undefined`: it is ill. */
const openIssuer = async (context: TestContext) => {
  const state = { keys: undefined as readonly SigningKey[] | undefined, requests: 0 }
  const server = createServer((_request, response) => {
    state.requests += 1
    response.statusCode = state.keys === undefined ? 503 : 200
    response.end(JSON.stringify({ keys: state.keys?.map(({ publicJwk }) => publicJwk) }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`
  return { state, url }
}

const tokenOf = (key: SigningKey, now: number): Promise<string> =>
  createTokenIssuer({ issuer, key }).issueSessionToken({
    sessionId: parseSessionId('0.0197b1a0-0000-7000-8000-000000000001'),
    human: 'alice',
    agentId: directHuman,
    platform: 'p',
    role: 'r',
    clearance: 0,
    server: 'files',
    tools: new Set(['files/*']),
    transactionId: 't',
    issuedAt: now,
    expiresAt: now + 60_000,
    authenticatedAt: now,
    acr: '0',
    holder: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
    status: { uri: 'https://identity.example/status/0', index: 0 },
  })

const untilHeld = async (keySet: { isHeld: boolean }): Promise<void> => {
  while (!keySet.isHeld) await new Promise(resolve => setTimeout(resolve, 2))
}

test('waits for an issuer that starts later, and holds its keys', async context => {
  const { state, url } = await openIssuer(context)
  const faults: boolean[] = []
  const keyIds: string[] = []
  const keySet = openHttpKeySet({
    url,
    retryMs: 5,
    onRefreshed: ids => keyIds.push(...ids),
    onFault: (_error, isHeld) => faults.push(isHeld),
  })
  context.after(() => keySet.close())
  while (faults.length === 0) await new Promise(resolve => setTimeout(resolve, 2))
  assert.equal(keySet.current().size, 0)

  const key = await openSigningKey(generateSigningKeyPem())
  state.keys = [key]
  await untilHeld(keySet)
  assert.deepEqual(keyIds, [key.keyId])
  assert.ok(faults.every(isHeld => !isHeld))
})

test('a token under a key that is not held is looked at again after a fetch; forged ones cannot ask often', async context => {
  const { state, url } = await openIssuer(context)
  const first = await openSigningKey(generateSigningKeyPem())
  const second = await openSigningKey(generateSigningKeyPem())
  const forged = await openSigningKey(generateSigningKeyPem())
  state.keys = [first]
  const keySet = openHttpKeySet({
    url,
    minRefreshMs: 0,
    onRefreshed: () => undefined,
    onFault: () => undefined,
  })
  context.after(() => keySet.close())
  await untilHeld(keySet)
  const now = Date.now()
  const tokens = createSessionTokens(issuer, keySet)

  const known = tokens.verify(await tokenOf(first, now), 'files', now)
  assert.ok(!(known instanceof Promise) && known.ok)
  state.keys = [first, second]
  const rotated = tokens.verify(await tokenOf(second, now), 'files', now)
  assert.ok(rotated instanceof Promise && (await rotated).ok)
  assert.equal(state.requests, 2)

  const slow = openHttpKeySet({ url, onRefreshed: () => undefined, onFault: () => undefined })
  context.after(() => slow.close())
  await untilHeld(slow)
  const refused = createSessionTokens(issuer, slow).verify(await tokenOf(forged, now), 'files', now)
  assert.deepEqual(refused, { ok: false, reason: 'KEY_UNKNOWN' })
  assert.equal(state.requests, 3)
})

test('keeps the keys it holds while the issuer is ill', async context => {
  const { state, url } = await openIssuer(context)
  state.keys = [await openSigningKey(generateSigningKeyPem())]
  const faults: boolean[] = []
  const keySet = openHttpKeySet({
    url,
    minRefreshMs: 0,
    onRefreshed: () => undefined,
    onFault: (_error, isHeld) => faults.push(isHeld),
  })
  context.after(() => keySet.close())
  await untilHeld(keySet)
  state.keys = undefined
  await keySet.refresh()
  assert.deepEqual([keySet.current().size, faults], [1, [true]])
})

test('lets go of keys that nobody vouched for too long: they may have been withdrawn', async context => {
  const { state, url } = await openIssuer(context)
  const key = await openSigningKey(generateSigningKeyPem())
  state.keys = [key]
  const faults: boolean[] = []
  const keySet = openHttpKeySet({
    url,
    minRefreshMs: 0,
    maxStaleMs: 0,
    onRefreshed: () => undefined,
    onFault: (_error, isHeld) => faults.push(isHeld),
  })
  context.after(() => keySet.close())
  await untilHeld(keySet)
  const now = Date.now()
  const tokens = createSessionTokens(issuer, keySet)
  const text = await tokenOf(key, now)
  assert.ok((await tokens.verify(text, 'files', now)).ok)
  state.keys = undefined
  await keySet.refresh()
  assert.deepEqual([keySet.current().size, keySet.isHeld, faults], [0, false, [false]])
  assert.deepEqual(await tokens.verify(text, 'files', now), { ok: false, reason: 'KEY_UNKNOWN' })
})

test('an issuer whose key set has no end is given up at 64 KiB, and no token verifies', async t => {
  let sent = 0
  const closed = Promise.withResolvers<void>()
  const server = createServer((_request, response) => {
    const part = Buffer.alloc(16 * 1024, 32)
    const goOn = (): void => {
      while (sent < 4096 && !response.destroyed) {
        sent += 1
        if (!response.write(part)) return void response.once('drain', goOn)
      }
      response.end('{"keys":[]}')
    }
    response.once('close', closed.resolve)
    goOn()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const faulted = Promise.withResolvers<unknown>()
  const keySet = openHttpKeySet({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    retryMs: 3_600_000,
    onRefreshed: () => faulted.resolve('refreshed'),
    onFault: faulted.resolve,
  })
  t.after(() => keySet.close())
  const fault = await faulted.promise
  assert.ok(fault instanceof Error)
  assert.equal(fault.message, 'key set: expected at most 65536 bytes, got more')
  assert.equal(keySet.isHeld, false)
  await closed.promise
  assert.ok(sent < 4096)
})
