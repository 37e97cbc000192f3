import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { AdmitAnswer, VouchAnswer } from '@cordon/engine-socket'

import { alice, openEndpointWorld } from './endpoint-fixture.ts'

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
