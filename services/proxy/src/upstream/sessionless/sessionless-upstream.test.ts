import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseInvocationId } from '@cordon/foundation'

import type { JsonObject } from '../../core/json-rpc.ts'
import { alice, openEndpointWorld } from '../../endpoint/endpoint-fixture.ts'

const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
const invocationId = parseInvocationId('i-1')

test('a call that is made again with answers was judged once, and has another token for its server', async () => {
  const world = openEndpointWorld()
  const vouched: unknown[] = []
  world.vouch = ({ method, invocationId: again }) => {
    vouched.push([method, again])
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
  const opening = await world.post({
    id: 'init',
    method: 'initialize',
    params: { capabilities: {}, clientInfo: {}, protocolVersion: '2025-11-25' },
  })
  const say = (child: number, message: object): void =>
    world.children[child]!.say.onLine(JSON.stringify({ jsonrpc: '2.0', ...message }))
  const last = (): JsonObject => JSON.parse(world.children.at(-1)!.received.at(-1)!) as JsonObject
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
  const question = JSON.parse(reply.streamed.at(-1)!) as { readonly id: string }
  await world.post({ id: question.id, result: { action: 'accept' } }, { session })
  await settled()
  const second = last()
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
    ['server/discover', undefined],
    ['tools/call', invocationId],
  ])
})
