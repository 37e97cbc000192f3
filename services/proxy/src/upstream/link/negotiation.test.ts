import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonObject } from '../../core/json-rpc.ts'
import { alice, transfer, type FakeChild } from '../../endpoint/endpoint-fixture.ts'
import { settled } from '../../session/session-fixture.ts'
import {
  answer,
  discovered,
  initialized,
  lastOf,
  messagesTo,
  openLinkWorld,
  say,
  unknownMethod,
} from './link-fixture.ts'

test('a server that ends at a request before initialize is started anew for one', async () => {
  const world = openLinkWorld()
  const reply = await world.ask(transfer)
  world.children[0]!.say.onGone({ kind: 'crashed', detail: 'it ended' })
  await settled()
  const child = world.children[1]!
  assert.equal(lastOf(child)['method'], 'initialize')
  await answer(child, { result: initialized })
  assert.deepEqual(
    messagesTo(child)
      .slice(1)
      .map(({ method }) => method),
    ['notifications/initialized', 'tools/call'],
  )
  await answer(child, { result: { content: [] } })
  assert.deepEqual(JSON.parse(reply.answers[0]!.body), {
    jsonrpc: '2.0',
    id: 1,
    result: { content: [], resultType: 'complete' },
  })
})

test('a server that is silent before initialize is initialized, and one that only starts slowly is believed', async () => {
  const world = openLinkWorld()
  await world.ask(transfer)
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
  const world = openLinkWorld()
  await world.ask(transfer)
  await answer(world.children[0]!, unknownMethod)
  await answer(world.children[0]!, { result: initialized })
  assert.deepEqual(lastOf(world.children[0]!)['params'], { name: 'transfer', arguments: { to: 'x' } })
})

test('a server that speaks no version known here is a clear error', async () => {
  const world = openLinkWorld()
  const reply = await world.ask(transfer)
  const [child] = world.children as readonly [FakeChild]
  await answer(child, { result: { supportedVersions: ['2099-01-01'] } })
  await answer(child, { result: { ...initialized, protocolVersion: '2099-01-01' } })
  assert.match(reply.answers[0]!.body, /expected MCP 2026-07-28 or 2025-11-25 \(or older\), got none of them/)
  assert.equal(child.ended, true)
})

test('what is asked before the first call has a token of its own, and the call keeps its', async () => {
  const world = openLinkWorld()
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
  await world.ask(transfer)
  await settled()
  const [child] = world.children as readonly [FakeChild]
  await answer(child, unknownMethod)
  await answer(child, { result: initialized })
  assert.deepEqual(
    messagesTo(child).map(({ method, params }) => [
      method,
      (params as { _meta?: JsonObject } | undefined)?._meta?.['cordon/call-token'],
    ]),
    [
      ['server/discover', 'own-1'],
      ['initialize', 'own-2'],
      ['notifications/initialized', undefined],
      ['tools/call', 'of-the-call'],
    ],
  )
  assert.deepEqual(vouched, ['server/discover', 'initialize'])
})
