import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { AdmitAnswer, AuthorizeAnswer, VouchAnswer } from '@cordon/engine-socket'
import { parseInvocationId } from '@cordon/foundation'

import { alice, mallory, openEndpointWorld } from './endpoint-fixture.ts'

const call = { id: 1, method: 'tools/call', params: { name: 'transfer', arguments: { to: 'x' } } }
const invocationId = parseInvocationId('i-1')
const forward: AuthorizeAnswer = { verdict: 'forward', invocationId, sessionId: alice, nonce: 'n' }

test('nothing of a call is with the server before the engine has said forward', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const decision = Promise.withResolvers<AuthorizeAnswer>()
  world.authorize = () => decision.promise
  const posted = world.post(call, { session })
  assert.equal(world.children[0]!.received.length, 1)
  decision.resolve(forward)
  const reply = await posted
  assert.deepEqual(JSON.parse(world.children[0]!.received[1]!), { jsonrpc: '2.0', ...call })
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
  const reply = await world.post(call, { session })
  assert.match(reply.answers[0]!.body, /"isError":true/)
  assert.equal(world.children[0]!.received.length, 1)
})

test('a call that was cancelled while the engine decided is not forwarded', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const decision = Promise.withResolvers<AuthorizeAnswer>()
  world.authorize = () => decision.promise
  const posted = world.post(call, { session })
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
  const reply = await world.post(call, { session })
  assert.equal(reply.answers[0]!.status, 404)
  assert.equal(world.children[0]!.received.length, 1)
  assert.equal((await world.post(call, { session, token: 'mallory' })).answers[0]!.status, 404)
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
  const refused = await world.post(call, { session })
  assert.equal(refused.headers.get('dpop-nonce'), 'nonce-2')
  const turnedAway = await world.post(call)
  assert.equal(turnedAway.headers.get('dpop-nonce'), 'nonce-0')
})

test('a server on standard streams finds the token of a request in its _meta, once, whatever the agent put there', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  world.authorize = () => Promise.resolve({ ...forward, downstreamToken: 'for-this-call' })
  world.admit = () =>
    Promise.resolve({ admitted: true, sessionId: alice, nonce: 'n', downstreamToken: 'for-this-list' })
  const forged = { 'cordon/call-token': 'forged', progressToken: 't' }
  await world.post({ ...call, params: { name: 'a', _meta: forged } }, { session })
  await world.post({ id: 2, method: 'tools/list' }, { session })
  await world.post({ method: 'notifications/roots/list_changed' }, { session })
  const received = world.children[0]!.received.slice(1).map(line => JSON.parse(line) as object)
  assert.deepEqual(received, [
    {
      jsonrpc: '2.0',
      ...call,
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
  const posted = world.post(call, { session })
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
    { ...call, params: { name: 'a', _meta: { progressToken: 't' } } },
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

test('an initialize that fails leaves nothing behind', async () => {
  const world = openEndpointWorld()
  await world.post({ id: 'init', method: 'initialize' })
  world.children[0]!.say.onLine('{"jsonrpc":"2.0","id":"init","error":{"code":-32602,"message":"no"}}')
  assert.equal(world.children[0]!.ended, true)
  assert.equal(world.parts.sessions.size, 0)
})

test('one session opens no more than its share of MCP sessions', async () => {
  const world = openEndpointWorld()
  await world.initialize()
  await world.initialize()
  const third = await world.post({ id: 'init', method: 'initialize' })
  assert.equal(third.answers[0]!.status, 503)
  assert.equal(world.children.length, 2)
})

test('a session that has just ended opens nothing', async () => {
  const world = openEndpointWorld()
  await world.initialize()
  world.admit = () =>
    Promise.resolve({
      admitted: false,
      nonce: 'n',
      refusal: { reason: 'SESSION_ENDED', message: 'It has ended.' },
    })
  const reply = await world.post({ id: 'init', method: 'initialize' })
  assert.match(reply.answers[0]!.body, /SESSION_ENDED/)
  assert.equal(world.children.length, 1)
})

test('a proxy that stops takes no more requests', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  world.endpoint.drain()
  const { status, headers } = (await world.post(call, { session })).answers[0]!
  assert.equal(status, 503)
  assert.equal(headers['retry-after'], '1')
})

test('an agent that opens more MCP sessions than it may have loses the one that lay unused the longest', async () => {
  const world = openEndpointWorld()
  const listening = await world.initialize()
  await world.get(listening)
  const unused = await world.initialize()
  world.timers.pass(1)
  const others = await world.post({ id: 'init', method: 'initialize' }, { token: 'mallory' })
  await world.initialize()
  assert.deepEqual(
    world.children.map(({ ended }) => ended),
    [false, true, false, false],
  )
  assert.equal(world.parts.sessions.find(unused, 'bank'), undefined)
  assert.ok(world.parts.sessions.find(listening, 'bank') !== undefined)
  assert.ok(world.parts.sessions.find(others.headers.get('mcp-session-id')!, 'bank') !== undefined)
  const refused = await world.post({ id: 'init', method: 'initialize' })
  assert.equal(
    refused.answers[0]!.status,
    503,
    'both of its sessions are in use: one listens, one is starting',
  )
})

test('a stream that is asked for while its MCP session ends is not opened: nobody would close it any more', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const admitted = Promise.withResolvers<AdmitAnswer>()
  world.admit = (_token, method) =>
    method === 'GET' ? admitted.promise : Promise.resolve({ admitted: true, sessionId: alice, nonce: 'n' })
  const listening = world.get(session)
  await world.delete(session)
  admitted.resolve({ admitted: true, sessionId: alice, nonce: 'n' })
  const reply = await listening
  assert.deepEqual([reply.state, reply.answers[0]?.status], ['over', 404])
})

test('a request whose token is looked at while its MCP session ends reaches no server', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const vouched = Promise.withResolvers<VouchAnswer>()
  world.vouch = () => vouched.promise
  const posted = world.post({ id: 1, method: 'tools/list' }, { session, token: 'renewed' })
  await world.delete(session)
  vouched.resolve({ vouched: true, sessionId: alice, nonce: 'n' })
  assert.equal((await posted).answers[0]?.status, 404)
  assert.equal(world.children[0]!.received.length, 1)
})

test('an MCP session is watched with the token that came last, whichever was new last', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const notice = { method: 'notifications/initialized' }
  for (const token of ['alice', 'older', 'alice']) await world.post(notice, { session, token })
  assert.equal(world.parts.sessions.find(session, 'bank')?.token, 'alice')
})

test('an MCP session that ended with its session of Cordon: the agent is told that, not to initialize again', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  await world.parts.sessions.find(session, 'bank')!.end('refused')
  const list = { id: 1, method: 'tools/list' }
  assert.equal((await world.post(list, { session })).answers[0]!.status, 404)
  const refusal = { reason: 'SESSION_ENDED', message: 'It has ended.' } as const
  world.vouch = () => Promise.resolve({ vouched: false, nonce: 'n', refusal })
  const [answer] = (await world.post(list, { session })).answers
  assert.match(answer!.body, /"code":-32010.*SESSION_ENDED/)
  assert.equal(answer!.headers['cordon-session-ended'], '?1')
})

const admitted = { admitted: true, sessionId: alice, nonce: 'n' } as const

test('the engine is asked about what a message says, as its proof and its server’s token have to say it', async () => {
  const world = openEndpointWorld()
  const asked: unknown[] = []
  world.admit = (_token, method, contentDigest) => {
    asked.push([method, contentDigest])
    return Promise.resolve(admitted)
  }
  const session = await world.initialize()
  await world.post(
    { id: 2, method: 'resources/subscribe', params: { uri: 'a:b', _meta: { x: 1 } } },
    { session },
  )
  await world.post({ id: 7, result: { action: 'accept' } }, { session })
  await world.get(session)
  // printf '%s' '{}' | openssl dgst -sha256 -binary | basenc --base64url, and so on.
  assert.deepEqual(asked, [
    ['initialize', 'RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o'],
    ['resources/subscribe', 'rHgLkQCcdmbi04UjQ5X2_wLJKwpkRsdRJIPkStJlW7s'],
    ['answer', 'paSmBv_x9nuLGluOPwJsnr8e7DH_Xqc_jp3Ftnm3piA'],
    ['GET', undefined],
  ])
})

test('the engine is asked about what a call says beside its arguments, and of most that is nothing', async () => {
  const world = openEndpointWorld()
  const asked: unknown[] = []
  world.authorize = ({ restDigest, task }) => {
    asked.push([restDigest, task])
    return Promise.resolve({ verdict: 'deny', nonce: 'n' })
  }
  const session = await world.initialize()
  await world.post(call, { session })
  await world.post({ ...call, params: { ...call.params, task: { ttl: 1 } } }, { session })
  await world.ask({ ...call, params: { ...call.params, inputResponses: {}, requestState: 's' } })
  assert.deepEqual(asked, [
    [undefined, undefined],
    ['bz1Meax8RfT3PrNiJFFgy4fppL3Pca73fH70-9yuG7A', { ttl: 1 }],
    ['HwdfzWJsYUJ6nw6SjQvYIlzwOid4R88V-uqIEerPfAg', undefined],
  ])
})

/**
 * @input an answer, another message that calls nothing, or what a call says beside its arguments, with a number that is another one as a double
 * @behaviour refused (`ARGUMENTS_INVALID`): its digest would be that of a neighbour; the engine is not asked, nothing is forwarded, the number of the call's proof is free
 * @counter none: `cordon_proxy_requests_refused_total{reason="ARGUMENTS_INVALID"}`, which each refusal counts by its reason
 */
test('what has the canonical text of something else is refused', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const before = world.children[0]!.received.length
  // ES2026: written as it stands.
  const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown }
  const number = rawJSON('9007199254740993')
  const answer = await world.post({ id: 7, result: { number } }, { session })
  assert.equal(answer.answers[0]!.status, 403)
  const request = await world.post({ id: 2, method: 'completion/complete', params: { number } }, { session })
  assert.match(request.answers[0]!.body, /ARGUMENTS_INVALID/)
  const retry = await world.post({ ...call, params: { ...call.params, task: { ttl: number } } }, { session })
  assert.match(retry.answers[0]!.body, /ARGUMENTS_INVALID/)
  assert.equal(retry.answers[0]!.headers['cordon-call-uncounted'], 'ARGUMENTS_INVALID')
  assert.equal(world.children[0]!.received.length, before)
})
