import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { FakeChild, EndpointWorld } from '../../endpoint/endpoint-fixture.ts'
import { openEndpointWorld } from '../../endpoint/endpoint-fixture.ts'
import { settled, type FakeReply } from '../../session/session-fixture.ts'
import { answer, unknownMethod } from './link-fixture.ts'

interface Message {
  readonly id: string
  readonly method: string
  readonly params?: Readonly<Record<string, unknown>>
}

const asked = ({ received }: FakeChild): readonly Message[] =>
  received.map(line => JSON.parse(line) as Message)

const uris = (count: number, of = 'a'): readonly string[] =>
  Array.from({ length: count }, (_, index) => `demo://${of}/${index}`)

const listen = (
  world: EndpointWorld,
  id: string,
  resourceSubscriptions: readonly unknown[],
): Promise<FakeReply> =>
  world.ask({ id, method: 'subscriptions/listen', params: { notifications: { resourceSubscriptions } } })

/** A server with sessions, whose child was asked for these resources. */
const openWorld = async (first: readonly string[]): Promise<{ world: EndpointWorld; child: FakeChild }> => {
  const world = openEndpointWorld()
  await listen(world, 'l', first)
  const child = world.children[0]!
  await answer(child, unknownMethod)
  const capabilities = { resources: { subscribe: true } }
  await answer(child, { result: { protocolVersion: '2025-11-25', capabilities, serverInfo: {} } })
  return { world, child }
}

const subscribes = (child: FakeChild): readonly Message[] =>
  asked(child).filter(({ method }) => method === 'resources/subscribe')

/**
 * @input a `subscriptions/listen` to more than 64 resources, or to URIs of more than 2,048 characters
 * @behaviour 400 with -32602: expected at most 64 URIs of at most 2048 characters; nothing is asked of the tool server
 * @counter none: `cordon_proxy_requests_rejected_total{cause="subscriptions"}`, which each rejection counts by its cause
 */
test('rejects a subscription to 2,000 resources', async () => {
  const world = openEndpointWorld()
  for (const asked of [uris(2_000), uris(65), ['x'.repeat(2_049)], [7]]) {
    const [answer] = (await listen(world, 'l', asked)).answers
    assert.equal(answer?.status, 400)
    assert.match(answer.body, /-32602.*expected at most 64 URIs of at most 2048 characters/)
  }
  assert.equal(world.children.length, 0)
})

test('a server is asked for 4 resources at a time', async () => {
  const { child } = await openWorld(uris(64))
  assert.equal(subscribes(child).length, 4)
  for (let answered = 0; answered < 64; answered += 1) {
    child.say.onLine(JSON.stringify({ jsonrpc: '2.0', id: subscribes(child)[answered]!.id, result: {} }))
    await settled()
  }
  assert.equal(subscribes(child).length, 64)
})

/**
 * @input agents that listen to other resources and leave again and again, while their tool server answers no subscription
 * @behaviour the server is asked for what is still wanted, and for nothing that was taken back before its turn: nothing gathers
 * @counter none: nothing is refused, and nothing is lost
 */
test('what is wanted no more before its turn is never asked, and does not gather', async () => {
  const { world, child } = await openWorld(uris(4))
  for (let turn = 0; turn < 100; turn += 1) {
    const reply = await listen(world, `m${turn}`, uris(64, String(turn)))
    reply.hangUp()
    await settled()
  }
  await listen(world, 'wanted', uris(1, 'wanted'))
  const first = subscribes(child)
  assert.equal(first.length, 4)
  for (const { id } of first) child.say.onLine(JSON.stringify({ jsonrpc: '2.0', id, result: {} }))
  await settled()
  const resources = asked(child).filter(({ method }) => method.startsWith('resources/'))
  assert.deepEqual(
    resources.map(({ params }) => params?.['uri']),
    [...uris(4), ...uris(1, 'wanted')],
  )
})

test('rejects more than 1,024 resources of all agents of a session', async () => {
  const { world } = await openWorld(uris(64, '0'))
  for (let more = 1; more < 16; more += 1) {
    const reply = await listen(world, `l${more}`, uris(64, String(more)))
    assert.equal(reply.state, 'streaming')
  }
  const [answer] = (await listen(world, 'too many', uris(1))).answers
  assert.match(answer!.body, /-32013.*expected at most 1024 resources/)
  assert.equal((await listen(world, 'known', uris(64, '3'))).state, 'streaming')
})

test('the engine is told with what its agent asked to listen, for a token that is about that resource', async () => {
  const world = openEndpointWorld()
  const vouched: unknown[] = []
  world.vouch = ({ method, content, saidAs }) => {
    if (method?.startsWith('resources/') === true) vouched.push([method, content, saidAs])
    return Promise.resolve({ vouched: true, nonce: 'n', downstreamToken: 'own' })
  }
  const reply = await listen(world, 'l', uris(1))
  const child = world.children[0]!
  await answer(child, unknownMethod)
  const capabilities = { resources: { subscribe: true } }
  await answer(child, { result: { protocolVersion: '2025-11-25', capabilities, serverInfo: {} } })
  await answer(child, { result: {} })
  reply.hangUp()
  await settled()
  const listening = { notifications: { resourceSubscriptions: uris(1) } }
  assert.deepEqual(vouched, [
    ['resources/subscribe', { uri: 'demo://a/0' }, { listening }],
    ['resources/unsubscribe', { uri: 'demo://a/0' }, undefined],
  ])
})
