import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { AuthorizeAnswer } from '@cordon/engine-socket'
import { parseInvocationId } from '@cordon/foundation'

import type { JsonObject } from '../../core/json-rpc.ts'
import type { EndpointWorld, FakeChild } from '../../endpoint/endpoint-fixture.ts'
import { alice, mallory, openEndpointWorld } from '../../endpoint/endpoint-fixture.ts'
import { watchSessions } from '../../session/session-watch.ts'

const call = { id: 1, method: 'tools/call', params: { name: 'transfer', arguments: { to: 'x' } } }
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

const openWorld = (): EndpointWorld => {
  const world = openEndpointWorld()
  let invocations = 0
  world.authorize = () =>
    Promise.resolve({
      verdict: 'forward',
      nonce: 'n',
      invocationId: parseInvocationId(`i-${(invocations += 1)}`),
      sessionId: alice,
    })
  return world
}

const lastOf = ({ received }: FakeChild): JsonObject => JSON.parse(received.at(-1)!) as JsonObject

const say = (child: FakeChild, message: object): void =>
  child.say.onLine(JSON.stringify({ jsonrpc: '2.0', ...message }))

/** The child answers what it was asked last. */
const answer = async (child: FakeChild, result: object): Promise<void> => {
  say(child, { id: lastOf(child)['id'], result })
  await settled()
}

const knowsNoDiscovery = async (child: FakeChild): Promise<void> => {
  say(child, { id: lastOf(child)['id'], error: { code: -32_601, message: 'Method not found' } })
  await settled()
}

const discovered = { supportedVersions: ['2026-07-28'], capabilities: {} }
const initialized = {
  protocolVersion: '2025-06-18',
  capabilities: { tools: {} },
  serverInfo: { name: 'old' },
}

test('the same id of two agents is two requests, and each gets its own answer', async () => {
  const world = openWorld()
  const first = await world.ask(call)
  await answer(world.children[0]!, discovered)
  const second = await world.ask(call)
  const [child] = world.children as readonly [FakeChild]
  assert.equal(world.children.length, 1)
  const ids = child.received.slice(1).map(line => (JSON.parse(line) as { id: string }).id)
  assert.equal(new Set(ids).size, 2)
  say(child, { id: ids[1], result: { resultType: 'complete', content: ['second'] } })
  say(child, { id: ids[0], result: { resultType: 'complete', content: ['first'] } })
  assert.match(first.answers[0]!.body, /"id":1,.*"first"/)
  assert.match(second.answers[0]!.body, /"id":1,.*"second"/)
  assert.deepEqual(
    world.outcomes.map(({ invocationId }) => invocationId),
    ['i-2', 'i-1'],
  )
})

test('a call that the engine refuses starts no child', async () => {
  const world = openWorld()
  world.authorize = () => Promise.resolve({ verdict: 'deny', nonce: 'n' })
  const reply = await world.ask(call)
  assert.match(reply.answers[0]!.body, /"resultType":"complete".*"isError":true/)
  assert.equal(world.children.length, 0)
})

test('a server that ends at a request before initialize is started anew for one', async () => {
  const world = openWorld()
  const reply = await world.ask(call)
  world.children[0]!.say.onGone({ kind: 'crashed', detail: 'it ended' })
  await settled()
  const child = world.children[1]!
  assert.equal(lastOf(child)['method'], 'initialize')
  await answer(child, initialized)
  assert.deepEqual(
    child.received.slice(1).map(line => (JSON.parse(line) as { method: string }).method),
    ['notifications/initialized', 'tools/call'],
  )
  await answer(child, { content: [] })
  assert.deepEqual(JSON.parse(reply.answers[0]!.body), {
    jsonrpc: '2.0',
    id: 1,
    result: { content: [], resultType: 'complete' },
  })
})

test('a server that is silent before initialize is initialized, and one that only starts slowly is believed', async () => {
  const world = openWorld()
  await world.ask(call)
  const [child] = world.children as readonly [FakeChild]
  const discover = lastOf(child)
  world.timers.pass(2_000)
  await settled()
  assert.equal(lastOf(child)['method'], 'initialize')
  say(child, { id: discover['id'], result: discovered })
  say(child, { id: lastOf(child)['id'], error: { code: -32_022, message: 'Unsupported' } })
  await settled()
  assert.match(
    JSON.stringify(lastOf(child)),
    /tools\/call.*"io\.modelcontextprotocol\/protocolVersion":"2026-07-28"/,
  )
})

test('what only stateless requests carry stays here before a server with sessions', async () => {
  const world = openWorld()
  await world.ask(call)
  await knowsNoDiscovery(world.children[0]!)
  await answer(world.children[0]!, initialized)
  assert.deepEqual(lastOf(world.children[0]!)['params'], { name: 'transfer', arguments: { to: 'x' } })
})

test('a child that crashes is an error, the engine knows, and the next call starts another', async () => {
  const world = openWorld()
  const reply = await world.ask(call)
  const [child] = world.children as readonly [FakeChild]
  await answer(child, discovered)
  child.say.onGone({ kind: 'crashed', detail: 'it ended' })
  assert.match(reply.answers[0]!.body, /"id":1,"error":\{"code":-32011,.*it ended/)
  assert.deepEqual(
    world.outcomes.map(({ outcome }) => outcome),
    ['error'],
  )
  await world.ask(call)
  assert.equal(world.children.length, 2)
})

test('a server that speaks no version known here is a clear error', async () => {
  const world = openWorld()
  const reply = await world.ask(call)
  const [child] = world.children as readonly [FakeChild]
  await answer(child, { supportedVersions: ['2099-01-01'] })
  await answer(child, { ...initialized, protocolVersion: '2099-01-01' })
  assert.match(reply.answers[0]!.body, /expected MCP 2026-07-28 or 2025-11-25 \(or older\), got none of them/)
  assert.equal(child.ended, true)
})

const invocationId = parseInvocationId('i-0')

test('a call whose agent hung up while the engine decided is not forwarded', async () => {
  const world = openWorld()
  const decision = Promise.withResolvers<AuthorizeAnswer>()
  world.authorize = () => decision.promise
  const asked = world.ask(call)
  await settled()
  world.latestReply!.hangUp()
  decision.resolve({ verdict: 'forward', sessionId: alice, nonce: 'n', invocationId })
  await asked
  assert.equal(world.children.length, 0)
  assert.equal(world.parts.sessions.size, 0)
  assert.deepEqual(
    world.outcomes.map(({ outcome }) => outcome),
    ['cancelled'],
  )
})

test('requests of another session go over a link of its own', async () => {
  const world = openWorld()
  await world.ask(call)
  world.authorize = () => Promise.resolve({ verdict: 'forward', sessionId: mallory, nonce: 'n' })
  await world.ask(call)
  assert.equal(world.children.length, 2)
})

test('what is asked before the first call has a token of its own, and the call keeps its', async () => {
  const world = openWorld()
  const vouched: (string | undefined)[] = []
  world.vouch = ({ method }) => {
    vouched.push(method)
    return Promise.resolve({
      vouched: true,
      sessionId: alice,
      nonce: 'n',
      downstreamToken: `own-${vouched.length}`,
    })
  }
  world.authorize = () =>
    Promise.resolve({ verdict: 'forward', sessionId: alice, nonce: 'n', downstreamToken: 'of-the-call' })
  await world.ask(call)
  await settled()
  const [child] = world.children as readonly [FakeChild]
  await knowsNoDiscovery(child)
  await answer(child, initialized)
  assert.deepEqual(
    child.received.map(line => {
      const { method, params } = JSON.parse(line) as { method: string; params?: { _meta?: JsonObject } }
      return [method, params?._meta?.['cordon/call-token']]
    }),
    [
      ['server/discover', 'own-1'],
      ['initialize', 'own-2'],
      ['notifications/initialized', undefined],
      ['tools/call', 'of-the-call'],
    ],
  )
  assert.deepEqual(vouched, ['server/discover', 'initialize'])
})

test('a task that a stateless server begins does not keep the outcome from the engine', async () => {
  const world = openWorld()
  await world.ask(call)
  const [child] = world.children as readonly [FakeChild]
  await answer(child, discovered)
  await answer(child, { resultType: 'task', task: { taskId: 't' } })
  assert.equal(world.outcomes.length, 1)
})

const listen = {
  id: 'l',
  method: 'subscriptions/listen',
  params: { notifications: { toolsListChanged: true } },
}

test('a stream that is listened to outlives the time-out, and goes with its session', async () => {
  const world = openWorld()
  const { sessions, engine, timers } = world.parts
  const stream = await world.ask(listen)
  const [child] = world.children as readonly [FakeChild]
  await knowsNoDiscovery(child)
  await answer(child, { ...initialized, capabilities: { tools: { listChanged: true } } })
  world.timers.pass(60_000)
  say(child, { method: 'notifications/tools/list_changed' })
  say(child, { method: 'notifications/prompts/list_changed' })
  assert.deepEqual(
    stream.streamed.map(text => JSON.parse(text) as object),
    [
      {
        jsonrpc: '2.0',
        method: 'notifications/subscriptions/acknowledged',
        params: {
          notifications: { toolsListChanged: true },
          _meta: { 'io.modelcontextprotocol/subscriptionId': 'l' },
        },
      },
      {
        jsonrpc: '2.0',
        method: 'notifications/tools/list_changed',
        params: { _meta: { 'io.modelcontextprotocol/subscriptionId': 'l' } },
      },
    ],
  )
  Object.assign(engine, {
    vouch: () =>
      Promise.resolve({ vouched: false, nonce: 'n', refusal: { reason: 'SESSION_SUSPENDED', message: '' } }),
  })
  watchSessions({ sessions, engine, timers, intervalMs: 5_000, idleTimeoutMs: 60_000 })
  world.timers.pass(5_000)
  await settled()
  assert.equal(stream.state, 'over')
})

test('a link that lies unused ends its child', async () => {
  const world = openWorld()
  const { sessions, engine, timers } = world.parts
  watchSessions({ sessions, engine, timers, intervalMs: 5_000, idleTimeoutMs: 1_000 })
  await world.ask(call)
  const [child] = world.children as readonly [FakeChild]
  await answer(child, discovered)
  await answer(child, { resultType: 'complete', content: [] })
  world.timers.pass(5_000)
  await settled()
  assert.equal(child.ended, true)
  assert.equal(sessions.size, 0)
})

/** A call of an agent without a session, whose server asked something meanwhile. @returns with which state it is gone on with */
const askedWithinACall = async (world: EndpointWorld): Promise<string> => {
  const reply = await world.ask(call, { capabilities: { elicitation: {} } })
  const [child] = world.children as readonly [FakeChild]
  await knowsNoDiscovery(child)
  await answer(child, initialized)
  say(child, { id: 'q', method: 'elicitation/create', params: { message: 'Sure?' } })
  const { result } = JSON.parse(reply.answers[0]!.body) as { result: { requestState: string } }
  return result.requestState
}

test('the engine is told how the agent proved what a server with sessions is answered', async () => {
  const world = openWorld()
  const vouched: unknown[] = []
  world.vouch = ({ method, content, saidAs }) => {
    if (method === 'answer') vouched.push([content, saidAs])
    return Promise.resolve({ vouched: true, nonce: 'n', downstreamToken: 'own' })
  }
  const requestState = await askedWithinACall(world)
  const inputResponses = { question: { action: 'accept' } }
  await world.ask(
    { ...call, params: { ...call.params, inputResponses, requestState } },
    { capabilities: { elicitation: {} } },
  )
  await settled()
  const content = { id: 'q', result: { action: 'accept' } }
  assert.deepEqual(lastOf(world.children[0]!), { jsonrpc: '2.0', ...content })
  assert.deepEqual(vouched, [[content, { inputResponse: { name: 'question', requestState } }]])
})

test('answers to nothing that was asked do not reach a server with sessions', async () => {
  const world = openWorld()
  await askedWithinACall(world)
  const sent = world.children[0]!.received.length
  const inputResponses = { question: { action: 'accept' } }
  const reply = await world.ask(
    { ...call, params: { ...call.params, inputResponses } },
    { capabilities: { elicitation: {} } },
  )
  assert.match(reply.answers[0]!.body, /-32602.*expected the same call with the requestState/)
  assert.equal(world.children[0]!.received.length, sent)
})

for (const what of ['session', 'tool'] as const)
  test(`a call that waits for its agent’s answer is given up at its server when its ${what} may not go on`, async () => {
    const world = openWorld()
    await askedWithinACall(world)
    const child = world.children[0]!
    const called = child.received.map(text => JSON.parse(text) as JsonObject)
    const { id } = called.find(({ method }) => method === 'tools/call') ?? {}
    const refusal = { reason: 'REVOKED', message: 'It is stopped.' } as const
    for (const session of world.parts.sessions.all()) {
      assert.deepEqual(session.tools(), ['transfer'])
      session.cutTool(refusal, 'another')
      assert.equal(child.received.length, called.length)
      if (what === 'session') session.cut(refusal)
      else session.cutTool(refusal, 'transfer')
      assert.deepEqual(session.tools(), [])
    }
    const told = child.received.slice(called.length).map(text => JSON.parse(text) as JsonObject)
    assert.deepEqual(
      told.map(({ method, id: answered, params }) => [method ?? answered, params]),
      [
        ['q', undefined],
        ['notifications/cancelled', { requestId: id, reason: 'Nobody waits for it any more.' }],
      ],
    )
  })
