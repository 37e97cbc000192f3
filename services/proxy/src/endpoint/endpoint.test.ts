import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { AuthorizeAnswer } from '@cordon/engine-socket'

import { alice, forward, mallory, openEndpointWorld, transfer } from './endpoint-fixture.ts'

test('nothing of a call is with the server before the engine has said forward', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const decision = Promise.withResolvers<AuthorizeAnswer>()
  world.authorize = () => decision.promise
  const posted = world.post(transfer, { session })
  assert.equal(world.children[0]!.received.length, 1)
  decision.resolve(forward)
  const reply = await posted
  assert.deepEqual(JSON.parse(world.children[0]!.received[1]!), { jsonrpc: '2.0', ...transfer })
  world.children[0]!.say.onLine('{"jsonrpc":"2.0","id":1,"result":{"content":[]}}')
  assert.equal(reply.answers[0]!.body, '{"jsonrpc":"2.0","id":1,"result":{"content":[]}}')
  assert.deepEqual(
    world.outcomes.map(({ outcome }) => outcome),
    ['ok'],
  )
})

test('a call of which the engine says nothing but no is refused, and an engine that fails allows nothing', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  world.authorize = () => Promise.resolve({ verdict: 'deny', nonce: 'n' })
  const reply = await world.post(transfer, { session })
  assert.match(reply.answers[0]!.body, /"isError":true/)
  assert.equal(world.children[0]!.received.length, 1)
})

test('a call that was cancelled while the engine decided is not forwarded', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const decision = Promise.withResolvers<AuthorizeAnswer>()
  world.authorize = () => decision.promise
  const posted = world.post(transfer, { session })
  const cancelled = { method: 'notifications/cancelled', params: { requestId: 1 } }
  assert.equal((await world.post(cancelled, { session })).answers[0]!.status, 202)
  decision.resolve(forward)
  await posted
  assert.equal(world.children[0]!.received.length, 1)
  assert.deepEqual(
    world.outcomes.map(({ outcome }) => outcome),
    ['cancelled'],
  )
})

test('a call of another session’s token is not forwarded, even where the engine allows it', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  world.authorize = () => Promise.resolve({ ...forward, sessionId: mallory })
  const reply = await world.post(transfer, { session })
  assert.equal(reply.answers[0]!.status, 404)
  assert.equal(world.children[0]!.received.length, 1)
  assert.equal((await world.post(transfer, { session, token: 'mallory' })).answers[0]!.status, 404)
})

test('each request is admitted by itself, whatever was admitted a moment ago', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  assert.deepEqual((await world.post({ id: 'p0', method: 'ping' }, { session })).answers, [])
  const asked: string[] = []
  world.admit = (_token, method) => {
    asked.push(method)
    return Promise.resolve({
      admitted: false,
      nonce: 'n',
      refusal: { reason: 'PROOF_REPLAYED', message: 'Used before.' },
    })
  }
  const refused = await world.post({ id: 'p1', method: 'ping' }, { session })
  assert.equal(refused.answers[0]!.status, 401)
  assert.match(refused.answers[0]!.headers['www-authenticate'] ?? '', /^DPoP .*error="invalid_dpop_proof"/)
  assert.equal(refused.headers.get('dpop-nonce'), 'n')
  for (const message of [
    { method: 'notifications/roots/list_changed' },
    { id: 0, result: {} },
    { id: 'i', method: 'initialize' },
  ])
    await world.post(message, 'id' in message && message.id === 'i' ? {} : { session })
  assert.equal((await world.get(session)).answers[0]!.status, 401)
  assert.deepEqual(asked, ['ping', 'notifications/roots/list_changed', 'answer', 'initialize', 'GET'])
  assert.equal(world.children[0]!.ended, false)
})

test('every answer to a request with a token says what the next proof has to name', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  world.authorize = () => Promise.resolve({ verdict: 'deny', nonce: 'nonce-2' })
  const refused = await world.post(transfer, { session })
  assert.equal(refused.headers.get('dpop-nonce'), 'nonce-2')
  const turnedAway = await world.post(transfer)
  assert.equal(turnedAway.headers.get('dpop-nonce'), 'nonce-0')
})

test('a server on standard streams finds the token of a request in its _meta, once, whatever the agent put there', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  world.authorize = () => Promise.resolve({ ...forward, downstreamToken: 'for-this-call' })
  world.admit = () =>
    Promise.resolve({ admitted: true, sessionId: alice, nonce: 'n', downstreamToken: 'for-this-list' })
  const forged = { 'cordon/call-token': 'forged', progressToken: 't' }
  await world.post({ ...transfer, params: { name: 'a', _meta: forged } }, { session })
  await world.post({ id: 2, method: 'tools/list' }, { session })
  await world.post({ method: 'notifications/roots/list_changed' }, { session })
  const received = world.children[0]!.received.slice(1).map(line => JSON.parse(line) as object)
  assert.deepEqual(received, [
    {
      jsonrpc: '2.0',
      ...transfer,
      params: { name: 'a', _meta: { 'cordon/call-token': 'for-this-call', progressToken: 't' } },
    },
    {
      jsonrpc: '2.0',
      id: 2,
      method: 'tools/list',
      params: { _meta: { 'cordon/call-token': 'for-this-list' } },
    },
    { jsonrpc: '2.0', method: 'notifications/roots/list_changed' },
  ])
})

test('what a server says before the agent listens waits for it', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const { say } = world.children[0]!
  say.onLine('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}')
  say.onLine('{"jsonrpc":"2.0","id":0,"method":"roots/list"}')
  const stream = await world.get(session)
  assert.equal(stream.state, 'streaming')
  assert.equal(stream.streamed.length, 2)
  say.onLine('{"jsonrpc":"2.0","id":1,"method":"roots/list"}')
  assert.equal(stream.streamed.length, 3)
  assert.equal((await world.get(session)).answers[0]!.status, 409)
})

test('whoever is not admitted sees nothing of what the server says, and gets to know why', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const decision = Promise.withResolvers<AuthorizeAnswer>()
  const asked = Promise.withResolvers<void>()
  world.authorize = () => {
    asked.resolve()
    return decision.promise
  }
  const posted = world.post(transfer, { session })
  await asked.promise
  const notice = '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}'
  world.children[0]!.say.onLine(notice)
  const refusal = { reason: 'TOKEN_EXPIRED', message: 'Over.' } as const
  decision.resolve({ verdict: 'deny', nonce: 'n', refusal, uncounted: true })
  const reply = await posted
  assert.deepEqual([reply.answers[0]!.status, reply.streamed], [401, []])
  assert.deepEqual((await world.get(session)).streamed, [notice])
})

test('progress stands beside the answer that it announces', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const stream = await world.get(session)
  world.authorize = () => Promise.resolve(forward)
  const reply = await world.post(
    { ...transfer, params: { name: 'a', _meta: { progressToken: 't' } } },
    { session },
  )
  const progress =
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":1}}'
  const answer = '{"jsonrpc":"2.0","id":1,"result":{"content":[]}}'
  world.children[0]!.say.onLine(progress)
  world.children[0]!.say.onLine(answer)
  assert.deepEqual(reply.streamed, [progress, answer])
  assert.equal(reply.state, 'over')
  assert.deepEqual(stream.streamed, [])
})

test('a proxy that stops takes no more requests', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  world.endpoint.drain()
  const { status, headers } = (await world.post(transfer, { session })).answers[0]!
  assert.equal(status, 503)
  assert.equal(headers['retry-after'], '1')
})
