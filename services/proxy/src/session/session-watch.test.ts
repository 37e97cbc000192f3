import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { RefusalReason } from '@cordon/engine-socket'
import { parseInvocationId } from '@cordon/foundation'

import { alice, mallory, openEndpointWorld } from '../endpoint/endpoint-fixture.ts'
import type { EndpointWorld } from '../endpoint/endpoint-fixture.ts'
import type { FakeReply } from './session-fixture.ts'
import { type SessionWatch, watchSessions } from './session-watch.ts'
import { settled } from './session-fixture.ts'

const watched = async (
  idleTimeoutMs = 60_000,
): Promise<EndpointWorld & { readonly session: string; readonly watch: SessionWatch }> => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const { sessions, engine, timers } = world.parts
  const watch = watchSessions({ sessions, engine, timers, intervalMs: 5_000, idleTimeoutMs })
  return Object.assign(world, { session, watch })
}

const refuse = (world: EndpointWorld, reason: RefusalReason): void => {
  world.vouch = () => Promise.resolve({ vouched: false, nonce: 'n', refusal: { reason, message: 'No.' } })
}

/** A call whose server is at work on it. */
const callUnderWay = async (world: EndpointWorld & { readonly session: string }): Promise<FakeReply> => {
  const invocationId = parseInvocationId('call-1')
  world.authorize = () => Promise.resolve({ verdict: 'forward', sessionId: alice, invocationId, nonce: 'n' })
  const params = { name: 'pay', arguments: {} }
  return world.post({ id: 7, method: 'tools/call', params }, { session: world.session })
}

for (const reason of ['REVOKED', 'SESSION_SUSPENDED', 'TOKEN_EXPIRED', 'TOKEN_INVALID'] as const) {
  test(`${reason}: the streams of the session are closed`, async () => {
    const world = await watched()
    const stream = await world.get(world.session)
    refuse(world, reason)
    world.timers.pass(5_000)
    await settled()
    assert.equal(stream.state, 'over')
    assert.equal(world.parts.sessions.size, 1)
  })
}

for (const reason of ['SESSION_ENDED', 'SESSION_UNKNOWN'] as const) {
  test(`${reason}: its MCP sessions end too`, async () => {
    const world = await watched()
    refuse(world, reason)
    world.timers.pass(5_000)
    await settled()
    assert.equal(world.children[0]!.ended, true)
    assert.equal(world.parts.sessions.size, 0)
  })
}

test('TOKEN_EXPIRED: what nobody renewed keeps no place, though somebody listened to it', async () => {
  const world = await watched(1_800_000)
  await world.get(world.session)
  refuse(world, 'TOKEN_EXPIRED')
  for (let round = 0; round < 12; round += 1) {
    world.timers.pass(5_000)
    await settled()
  }
  assert.equal(world.parts.sessions.size, 1)
  for (let round = 0; round < 2; round += 1) {
    world.timers.pass(5_000)
    await settled()
  }
  assert.equal(world.parts.sessions.size, 0)
})

test('ENGINE_UNAVAILABLE: open streams stay', async () => {
  const world = await watched()
  const stream = await world.get(world.session)
  refuse(world, 'ENGINE_UNAVAILABLE')
  world.timers.pass(5_000)
  await settled()
  assert.equal(stream.state, 'streaming')
})

test('what nobody uses ends, what somebody listens to does not', async () => {
  const world = await watched()
  const stream = await world.get(world.session)
  for (let round = 0; round < 20; round += 1) {
    world.timers.pass(5_000)
    await settled()
  }
  assert.equal(world.children[0]!.ended, false)
  stream.hangUp()
  for (let round = 0; round < 13; round += 1) {
    world.timers.pass(5_000)
    await settled()
  }
  assert.equal(world.children[0]!.ended, true)
})

test('a child that does not want to end holds up no look at the others', async () => {
  const world = await watched()
  world.children[0]!.gone = new Promise(() => undefined)
  const other = await world.initialize()
  // Somebody listens to the other one alone.
  const stream = await world.get(other)
  for (let round = 0; round < 13; round += 1) {
    world.timers.pass(5_000)
    await settled()
  }
  refuse(world, 'SESSION_SUSPENDED')
  world.timers.pass(5_000)
  await settled()
  assert.equal(stream.state, 'over')
})

for (const reason of ['REVOKED', 'SESSION_SUSPENDED', 'SESSION_ENDED'] as const)
  test(`${reason}, and the engine says that it changed: what is under way is cut at once, before any interval`, async () => {
    const world = await watched()
    const stream = await world.get(world.session)
    const reply = await callUnderWay(world)
    assert.equal(reply.state, 'waiting')
    refuse(world, reason)
    world.watch.changed(alice)
    await settled()
    assert.equal(stream.state, 'over')
    const { id, error } = JSON.parse(reply.answers[0]!.body) as {
      readonly id: unknown
      readonly error: { readonly code: number; readonly message: string; readonly data: object }
    }
    assert.deepEqual([id, error.code, error.data], [7, -32_010, { 'cordon/refusal': { reason } }])
    assert.match(error.message, /^Cordon: No\. It was under way: what its server had done of it may stand\./)
    assert.deepEqual(
      world.outcomes.map(({ invocationId, outcome }) => [invocationId, outcome]),
      [['call-1', 'cancelled']],
    )
    // Its server may stop.
    assert.match(world.children[0]!.received.at(-1)!, /"notifications\/cancelled".*"requestId":7/)
  })

for (const reason of ['REVOKED', 'SESSION_SUSPENDED', 'SESSION_ENDED'] as const)
  test(`${reason}: a call that goes on as a task is stopped at its server, before that is ended, and is on record`, async () => {
    const world = await watched()
    const invocationId = parseInvocationId('call-1')
    world.authorize = () =>
      Promise.resolve({ verdict: 'forward', sessionId: alice, invocationId, nonce: 'n' })
    const params = { name: 'pay', arguments: {}, task: {} }
    await world.post({ id: 7, method: 'tools/call', params }, { session: world.session })
    const child = world.children[0]!
    child.say.onLine('{"jsonrpc":"2.0","id":7,"result":{"task":{"taskId":"t","status":"working"}}}')
    const sent = child.received.length
    world.vouch = async ({ method }) => {
      const answer = { vouched: false, nonce: 'n', refusal: { reason, message: 'No.' } }
      if (method !== 'tasks/cancel') return answer
      // The child must not be ended before.
      await settled()
      return { ...answer, downstreamToken: 'to-stop' }
    }
    world.watch.changed(alice)
    await settled()
    await settled()
    const told = child.received.slice(sent).map(text => JSON.parse(text) as { id: unknown })
    assert.deepEqual(told, [
      {
        jsonrpc: '2.0',
        id: 'session-2',
        method: 'tasks/cancel',
        params: { taskId: 't', _meta: { 'cordon/call-token': 'to-stop' } },
      },
    ])
    assert.deepEqual(
      world.outcomes.map(({ outcome }) => outcome),
      ['cancelled'],
    )
    assert.equal(child.ended, reason === 'SESSION_ENDED')
  })

/** What the kill switch says of one tool. */
const stop = (world: EndpointWorld, stoppedTool: string): void => {
  world.vouch = ({ underWay = [] }) => {
    const stopped = underWay
      .filter(tool => tool === stoppedTool)
      .map(tool => ({ tool, refusal: { reason: 'REVOKED' as const, message: 'No.' } }))
    return Promise.resolve({ vouched: true, sessionId: alice, nonce: 'n', stopped })
  }
}

test('the kill switch of one tool cuts the calls of it, its tasks too, and nothing else of the session', async () => {
  const world = await watched()
  let calls = 0
  world.authorize = () => {
    const invocationId = parseInvocationId(`call-${(calls += 1)}`)
    return Promise.resolve({ verdict: 'forward', sessionId: alice, invocationId, nonce: 'n' })
  }
  const { session } = world
  const call = async (id: number, name: string, more: object = {}): Promise<FakeReply> =>
    world.post({ id, method: 'tools/call', params: { name, arguments: {}, ...more } }, { session })
  const child = world.children[0]!
  for (const [id, name] of [
    [1, 'pay'],
    [2, 'read'],
  ] as const) {
    await call(id, name, { task: {} })
    child.say.onLine(
      `{"jsonrpc":"2.0","id":${id},"result":{"task":{"taskId":"t-${name}","status":"working"}}}`,
    )
  }
  const [pays, reads] = [await call(3, 'pay'), await call(4, 'read')]
  const stream = await world.get(session)
  const sent = child.received.length
  stop(world, 'pay')
  world.watch.changed(undefined)
  await settled()
  assert.match(pays.answers[0]!.body, /"id":3,"error":\{"code":-32010,.*"reason":"REVOKED"/)
  assert.deepEqual([reads.state, stream.state], ['waiting', 'streaming'])
  assert.deepEqual(
    child.received.slice(sent).map(text => {
      const { method, params } = JSON.parse(text) as { method: string; params: object }
      return [method, Object.values(params)[0]]
    }),
    [
      ['notifications/cancelled', 3],
      ['tasks/cancel', 't-pay'],
    ],
  )
  assert.deepEqual(world.outcomes.map(({ invocationId, outcome }) => `${invocationId} ${outcome}`).sort(), [
    'call-1 cancelled',
    'call-3 cancelled',
  ])
  // What is over is not asked about, and what was left alone goes on.
  const asked: unknown[] = []
  world.vouch = ({ underWay }) => {
    asked.push(underWay)
    return Promise.resolve({ vouched: true, sessionId: alice, nonce: 'n' })
  }
  world.timers.pass(5_000)
  await settled()
  assert.deepEqual(asked, [['read']])
})

test('the connection is watched with the token that is good for longest, whatever other one is shown after it', async () => {
  const world = await watched()
  const until = (exp: number): string => `e.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.s`
  for (const exp of [300, 600, 300])
    await world.post({ id: exp, method: 'ping' }, { session: world.session, token: until(exp) })
  const shown: string[] = []
  world.vouch = ({ token }) => {
    shown.push(token)
    return Promise.resolve({ vouched: true, sessionId: alice, nonce: 'n' })
  }
  world.watch.changed(alice)
  await settled()
  assert.deepEqual(shown, [until(600)])
})

test('another session that changed, and one that stands all the same, cut nothing', async () => {
  const world = await watched()
  const reply = await callUnderWay(world)
  world.watch.changed(alice)
  await settled()
  refuse(world, 'SESSION_SUSPENDED')
  world.watch.changed(mallory)
  await settled()
  assert.equal(reply.state, 'waiting')
  world.watch.changed(undefined)
  await settled()
  assert.equal(reply.state, 'over')
})

test('a flood of changes asks one question at a time, and one more for all that came meanwhile', async () => {
  const world = await watched()
  const answers: (() => void)[] = []
  world.vouch = () =>
    new Promise(resolve => answers.push(() => resolve({ vouched: true, sessionId: alice, nonce: 'n' })))
  for (let count = 0; count < 1_000; count += 1) world.watch.changed(alice)
  await settled()
  assert.equal(answers.length, 1)
  answers[0]!()
  await settled()
  assert.equal(answers.length, 2)
  answers[1]!()
  await settled()
  assert.equal(answers.length, 2)
})

test('what the engine is still deciding is left to it', async () => {
  const world = await watched()
  world.authorize = () => new Promise(() => undefined)
  const call = { id: 7, method: 'tools/call', params: { name: 'pay', arguments: {} } }
  void world.post(call, { session: world.session })
  await settled()
  refuse(world, 'SESSION_SUSPENDED')
  world.watch.changed(alice)
  await settled()
  assert.equal(world.latestReply!.state, 'waiting')
})
