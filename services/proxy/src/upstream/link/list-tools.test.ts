import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonObject } from '../../core/json-rpc.ts'
import type { FakeChild } from '../../endpoint/endpoint-fixture.ts'
import { settled } from '../../session/session-fixture.ts'
import { answer, discovered, lastOf, messagesTo, openLinkWorld, unknownMethod } from './link-fixture.ts'

const methodsOf = (child: FakeChild): readonly unknown[] => messagesTo(child).map(({ method }) => method)

const route = {
  id: 1,
  method: 'tools/call',
  params: { name: 'route', arguments: { region: 'eu', note: 'us' } },
}
const tools = [
  {
    name: 'route',
    inputSchema: { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } },
  },
]

/** A server that speaks MCP 2026-07-28 and whose tools nobody had listed. */
const openWorld = async (headers: Readonly<Record<string, string>>) => {
  const world = openLinkWorld({ isListed: false })
  const reply = await world.ask(route, { headers })
  const child = world.children[0]!
  await answer(child, { result: discovered })
  return { world, child, reply }
}

test('rejects a first call whose header lies, or is missing: the tools are listed before it', async () => {
  for (const headers of [{ 'mcp-param-region': 'us' }, {}]) {
    const { world, child, reply } = await openWorld(headers)
    await answer(child, { result: { tools: [], nextCursor: 'more' } })
    assert.deepEqual((lastOf(child)['params'] as JsonObject)['cursor'], 'more')
    await answer(child, { result: { tools } })
    assert.deepEqual(methodsOf(child), ['server/discover', 'tools/list', 'tools/list'])
    assert.equal(reply.answers[0]!.status, 400)
    assert.match(
      reply.answers[0]!.body,
      /"id":1,"error":\{"code":-32020,"message":"mcp-param-region: expected/,
    )
    assert.deepEqual(
      world.outcomes.map(({ invocationId, outcome }) => [invocationId, outcome]),
      [['i-1', 'error']],
    )
  }
})

test('a first call whose header says what the body says is forwarded, and the tools are listed once', async () => {
  const headers = { 'mcp-param-region': 'eu' }
  const { world, child } = await openWorld(headers)
  await answer(child, { result: { tools } })
  await answer(child, { result: { content: [] } })
  await world.ask(route, { headers, capabilities: { sampling: {} } })
  const [, other] = world.children as readonly [FakeChild, FakeChild]
  await answer(other, { result: discovered })
  assert.deepEqual(methodsOf(child), ['server/discover', 'tools/list', 'tools/call'])
  assert.deepEqual(methodsOf(other), ['server/discover', 'tools/call'])
})

test('a server without a list of tools wants no headers; one that is silent about it gets no call', async () => {
  const { child } = await openWorld({})
  await answer(child, unknownMethod)
  assert.equal(methodsOf(child).at(-1), 'tools/call')
  const silent = await openWorld({})
  silent.world.timers.pass(5_000)
  await settled()
  assert.deepEqual(methodsOf(silent.child), ['server/discover', 'tools/list'])
  assert.match(silent.reply.answers[0]!.body, /-32012/)
})

test('a list without end is cut off', async () => {
  const { child } = await openWorld({})
  for (let page = 0; page < 100; page += 1) await answer(child, { result: { tools: [], nextCursor: 'more' } })
  assert.equal(methodsOf(child).filter(method => method === 'tools/list').length, 100)
  assert.equal(methodsOf(child).at(-1), 'tools/call')
})

test('says nothing of a tool’s headers to whoever may not call it', async () => {
  const { world, child } = await openWorld({ 'mcp-param-region': 'eu' })
  await answer(child, { result: { tools } })
  const refusal = { reason: 'TOKEN_INVALID', message: 'The session token is not one of ours.' } as const
  world.authorize = () => Promise.resolve({ verdict: 'deny', nonce: 'n', refusal })
  const [refused] = (await world.ask(route)).answers
  assert.doesNotMatch(refused!.body, /mcp-param/i)
  assert.match(refused!.body, /TOKEN_INVALID/)
})

test('rejects a later call whose header is missing before it is forwarded, and reports how it ended', async () => {
  const { world, child } = await openWorld({ 'mcp-param-region': 'eu' })
  await answer(child, { result: { tools } })
  const [rejected] = (await world.ask({ ...route, id: 2 })).answers
  assert.match(rejected!.body, /"id":2,"error":\{"code":-32020,"message":"mcp-param-region: expected/)
  assert.equal(methodsOf(child).filter(method => method === 'tools/call').length, 1)
  assert.deepEqual(
    world.outcomes.map(({ invocationId, outcome }) => [invocationId, outcome]),
    [['i-2', 'error']],
  )
})
