import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseInvocationId } from '@cordon/foundation'

import type { JsonObject } from '../../core/json-rpc.ts'
import { alice, openEndpointWorld } from '../../endpoint/endpoint-fixture.ts'
import { settled } from '../../session/session-fixture.ts'

const invocationId = parseInvocationId('i-1')

type World = ReturnType<typeof openEndpointWorld>

const lastOf = (world: World): JsonObject => JSON.parse(world.children.at(-1)!.received.at(-1)!) as JsonObject

/** A call of an agent in a session whose stateless server asks something. */
const askedWithinACall = async (
  world: World,
): Promise<{
  session: string
  first: JsonObject
  question: string
  reply: Awaited<ReturnType<World['post']>>
}> => {
  const opening = await world.post({
    id: 'init',
    method: 'initialize',
    params: { capabilities: {}, clientInfo: {}, protocolVersion: '2025-11-25' },
  })
  const say = (child: number, message: object): void =>
    world.children[child]!.say.onLine(JSON.stringify({ jsonrpc: '2.0', ...message }))
  const last = (): JsonObject => lastOf(world)
  const data = { supported: ['2026-07-28'] }
  say(0, { id: 'init', error: { code: -32_022, message: 'Unsupported version', data } })
  await settled()
  say(1, { id: last()['id'], result: { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } } })
  await settled()
  const session = opening.headers.get('mcp-session-id')!

  const call = { id: 1, method: 'tools/call', params: { name: 'pay', arguments: { to: 'x' } } }
  const reply = await world.post(call, { session })
  const first = last()
  say(1, {
    id: 1,
    result: {
      resultType: 'input_required',
      inputRequests: { sure: { method: 'elicitation/create', params: { message: 'Sure?' } } },
      requestState: 's',
    },
  })
  const { id: question } = JSON.parse(reply.streamed.at(-1)!) as { readonly id: string }
  return { session, first, question, reply }
}

test('a call that is made again with answers was judged once, and has another token for its server', async () => {
  const world = openEndpointWorld()
  const vouched: unknown[] = []
  world.vouch = ({ method, invocationId: again, content, saidAs }) => {
    vouched.push(again === undefined ? method : [again, content, saidAs])
    const downstreamToken = `own-${vouched.length}`
    return Promise.resolve({ vouched: true, sessionId: alice, nonce: 'n', downstreamToken })
  }
  world.authorize = () =>
    Promise.resolve({
      verdict: 'forward',
      invocationId,
      sessionId: alice,
      nonce: 'n',
      downstreamToken: 'of-the-call',
    })
  const { session, first, question } = await askedWithinACall(world)
  await world.post({ id: question, result: { action: 'accept' } }, { session })
  await settled()
  const second = lastOf(world)
  assert.deepEqual(
    [first, second].map(({ params }) => {
      const { _meta, arguments: args } = params as { _meta: JsonObject; arguments: unknown }
      return [_meta['cordon/call-token'], args]
    }),
    [
      ['of-the-call', { to: 'x' }],
      ['own-2', { to: 'x' }],
    ],
  )
  assert.deepEqual(vouched, [
    'server/discover',
    [
      invocationId,
      { inputResponses: { sure: { action: 'accept' } }, requestState: 's' },
      { answerIds: { sure: question } },
    ],
  ])
})

test('a call that is made again after it was revoked is not sent again', async () => {
  const world = openEndpointWorld()
  world.authorize = () => Promise.resolve({ verdict: 'forward', invocationId, sessionId: alice, nonce: 'n' })
  const { question, session, reply } = await askedWithinACall(world)
  world.vouch = () =>
    Promise.resolve({ vouched: false, nonce: 'n', refusal: { reason: 'REVOKED', message: 'Stopped.' } })
  const sent = world.children.at(-1)!.received.length
  await world.post({ id: question, result: { action: 'accept' } }, { session })
  await settled()
  assert.equal(world.children.at(-1)!.received.length, sent)
  const { error } = JSON.parse(reply.streamed.at(-1)!) as { error: JsonObject }
  assert.deepEqual([error['code'], error['data']], [-32_010, { 'cordon/refusal': { reason: 'REVOKED' } }])
})

for (const how of ['cut', 'timed out'] as const)
  test(`a call that is ${how} is stopped at its server`, async () => {
    const world = openEndpointWorld()
    world.authorize = () =>
      Promise.resolve({ verdict: 'forward', invocationId, sessionId: alice, nonce: 'n' })
    await askedWithinACall(world)
    const refusal = { reason: 'SESSION_SUSPENDED', message: 'No.' } as const
    if (how === 'cut') for (const session of world.parts.sessions.all()) session.cut(refusal)
    else world.timers.pass(world.parts.callTimeoutMs)
    await settled()
    const { method, params } = lastOf(world) as { method: unknown; params: JsonObject }
    assert.deepEqual([method, params['requestId']], ['notifications/cancelled', 1])
  })

test('a call that was cancelled is not sent again with the answers that came after', async () => {
  const world = openEndpointWorld()
  world.authorize = () => Promise.resolve({ verdict: 'forward', invocationId, sessionId: alice, nonce: 'n' })
  const { question, session } = await askedWithinACall(world)
  await world.post({ method: 'notifications/cancelled', params: { requestId: 1 } }, { session })
  const sent = world.children.at(-1)!.received.length
  await world.post({ id: question, result: { action: 'accept' } }, { session })
  await settled()
  assert.equal(world.children.at(-1)!.received.length, sent)
})
