import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { AuthorizeAnswer } from '@cordon/engine-socket'
import { parseInvocationId } from '@cordon/foundation'

import { alice, mallory, transfer, type FakeChild } from '../../endpoint/endpoint-fixture.ts'
import { settled } from '../../session/session-fixture.ts'
import { watchSessions } from '../../session/session-watch.ts'
import {
  answer,
  discovered,
  initialized,
  messagesTo,
  openLinkWorld,
  say,
  unknownMethod,
} from './link-fixture.ts'

test('the same id of two agents is two requests, and each gets its own answer', async () => {
  const world = openLinkWorld()
  const first = await world.ask(transfer)
  await answer(world.children[0]!, { result: discovered })
  const second = await world.ask(transfer)
  const [child] = world.children as readonly [FakeChild]
  assert.equal(world.children.length, 1)
  const ids = messagesTo(child)
    .slice(1)
    .map(({ id }) => id)
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
  const world = openLinkWorld()
  world.authorize = () => Promise.resolve({ verdict: 'deny', nonce: 'n' })
  const reply = await world.ask(transfer)
  assert.match(reply.answers[0]!.body, /"resultType":"complete".*"isError":true/)
  assert.equal(world.children.length, 0)
})

test('a child that crashes is an error, the engine knows, and the next call starts another', async () => {
  const world = openLinkWorld()
  const reply = await world.ask(transfer)
  const [child] = world.children as readonly [FakeChild]
  await answer(child, { result: discovered })
  child.say.onGone({ kind: 'crashed', detail: 'it ended' })
  assert.match(reply.answers[0]!.body, /"id":1,"error":\{"code":-32011,.*it ended/)
  assert.deepEqual(
    world.outcomes.map(({ outcome }) => outcome),
    ['error'],
  )
  await world.ask(transfer)
  assert.equal(world.children.length, 2)
})

test('a call whose agent hung up while the engine decided is not forwarded', async () => {
  const world = openLinkWorld()
  const decision = Promise.withResolvers<AuthorizeAnswer>()
  world.authorize = () => decision.promise
  const asked = world.ask(transfer)
  await settled()
  world.latestReply!.hangUp()
  decision.resolve({
    verdict: 'forward',
    sessionId: alice,
    nonce: 'n',
    invocationId: parseInvocationId('i-0'),
  })
  await asked
  assert.equal(world.children.length, 0)
  assert.equal(world.parts.sessions.size, 0)
  assert.deepEqual(
    world.outcomes.map(({ outcome }) => outcome),
    ['cancelled'],
  )
})

test('requests of another session go over a link of its own', async () => {
  const world = openLinkWorld()
  await world.ask(transfer)
  world.authorize = () => Promise.resolve({ verdict: 'forward', sessionId: mallory, nonce: 'n' })
  await world.ask(transfer)
  assert.equal(world.children.length, 2)
})

test('a task that a stateless server begins does not keep the outcome from the engine', async () => {
  const world = openLinkWorld()
  await world.ask(transfer)
  const [child] = world.children as readonly [FakeChild]
  await answer(child, { result: discovered })
  await answer(child, { result: { resultType: 'task', task: { taskId: 't' } } })
  assert.equal(world.outcomes.length, 1)
})

const listen = {
  id: 'l',
  method: 'subscriptions/listen',
  params: { notifications: { toolsListChanged: true } },
}

test('a stream that is listened to outlives the time-out, and goes with its session', async () => {
  const world = openLinkWorld()
  const { sessions, engine, timers } = world.parts
  const stream = await world.ask(listen)
  const [child] = world.children as readonly [FakeChild]
  await answer(child, unknownMethod)
  await answer(child, { result: { ...initialized, capabilities: { tools: { listChanged: true } } } })
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
  const world = openLinkWorld()
  const { sessions, engine, timers } = world.parts
  watchSessions({ sessions, engine, timers, intervalMs: 5_000, idleTimeoutMs: 1_000 })
  await world.ask(transfer)
  const [child] = world.children as readonly [FakeChild]
  await answer(child, { result: discovered })
  await answer(child, { result: { resultType: 'complete', content: [] } })
  world.timers.pass(5_000)
  await settled()
  assert.equal(child.ended, true)
  assert.equal(sessions.size, 0)
})
