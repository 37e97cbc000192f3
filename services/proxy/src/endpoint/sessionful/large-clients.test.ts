import assert from 'node:assert/strict'
import { test } from 'node:test'

import { mostUnjudgedBytes } from '@cordon/engine-socket'
import { digestArguments } from '@cordon/tokens'

import { alice, type EndpointWorld, openEndpointWorld } from '../endpoint-fixture.ts'

const blob = 'A'.repeat(2 * mostUnjudgedBytes)
const icons = [{ src: `data:image/png;base64,${blob}`, mimeType: 'image/png' }]
const capabilities = { roots: { listChanged: true }, experimental: { acme: { level: 3 } } }
const opening = (params: object): object => ({
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities,
    clientInfo: { name: 'desk', version: '1' },
    ...params,
  },
})

interface Heard {
  readonly world: EndpointWorld
  readonly admitted: { readonly contentDigest: string | undefined; readonly bytes: number | undefined }[]
  readonly vouched: unknown[]
  /** What the server got. */
  readonly received: () => { readonly params: Readonly<Record<string, unknown>> }
}

const openWorld = (): Heard => {
  const world = openEndpointWorld()
  const admitted: Heard['admitted'] = []
  const vouched: unknown[] = []
  world.admit = (_token, _method, contentDigest, bytes) => {
    admitted.push({ contentDigest, bytes })
    return Promise.resolve({ admitted: true, sessionId: alice, nonce: 'n', downstreamToken: 'of-the-agent' })
  }
  world.vouch = ({ token, server, method, content }) => {
    vouched.push([token, server, method, content])
    return Promise.resolve({ vouched: true, sessionId: alice, nonce: 'n', downstreamToken: 'of-the-proxy' })
  }
  return {
    world,
    admitted,
    vouched,
    received: () => JSON.parse(world.children[0]!.received[0]!) as ReturnType<Heard['received']>,
  }
}

test('of an initialize with an icon of its client, name and version go on, and it is no data that leaves', async () => {
  const { world, admitted, vouched, received } = openWorld()
  const said = opening({ clientInfo: { name: 'desk', version: '1', title: 'Desk', icons } })
  await world.post(said)
  const { params } = said as { readonly params: object }
  assert.equal(admitted[0]!.contentDigest, digestArguments(params))
  assert.ok(admitted[0]!.bytes! < mostUnjudgedBytes)
  const brief = { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'desk', version: '1' } }
  assert.deepEqual(vouched, [['alice', 'bank', 'initialize', brief]])
  assert.deepEqual(received(), {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { ...brief, _meta: { 'cordon/call-token': 'of-the-proxy' } },
  })
})

test('what else an initialize says much of counts as before', async () => {
  const { world, admitted } = openWorld()
  await world.post(opening({ capabilities: { experimental: { blob } }, clientInfo: { name: 'd', icons } }))
  assert.ok(admitted[0]!.bytes! > mostUnjudgedBytes)
})

test('a small one goes on as it came, with the token that its agent’s proof brought', async () => {
  const { world, vouched, received } = openWorld()
  const clientInfo = { name: 'desk', version: '1', title: 'Desk', icons: [{ src: 'https://desk.example/i' }] }
  await world.post(opening({ clientInfo }))
  const { params } = received()
  assert.deepEqual(params['clientInfo'], clientInfo)
  assert.deepEqual(params['_meta'], { 'cordon/call-token': 'of-the-agent' })
  assert.deepEqual(vouched, [])
})
