import assert from 'node:assert/strict'
import { test } from 'node:test'

import { mostUnjudgedBytes } from '@cordon/engine-socket'

import { settled } from '../../session/session-fixture.ts'
import { alice, forward, openEndpointWorld, transfer } from '../endpoint-fixture.ts'

const icons = [{ src: `data:image/png;base64,${'A'.repeat(2 * mostUnjudgedBytes)}`, mimeType: 'image/png' }]
const clientInfo = { name: 'desk', version: '1', icons }

test('an icon of the client in each request is no data that leaves: neither counted nor forwarded', async () => {
  const world = openEndpointWorld()
  const counted: unknown[] = []
  world.authorize = ({ answerBytes }) => {
    counted.push(answerBytes)
    return Promise.resolve(forward)
  }
  await world.ask(transfer, { clientInfo })
  assert.deepEqual(counted, [undefined])
  const child = world.children[0]!
  const discover = JSON.parse(child.received[0]!) as { id: string }
  const result = { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } }
  child.say.onLine(JSON.stringify({ jsonrpc: '2.0', id: discover.id, result }))
  await settled()
  const { params } = JSON.parse(child.received.at(-1)!) as { params: { name: string; _meta: object } }
  assert.equal(params.name, 'transfer')
  assert.deepEqual(Object.entries(params._meta).at(-1), [
    'io.modelcontextprotocol/clientInfo',
    { name: 'desk', version: '1' },
  ])
  const sizes: number[] = []
  world.admit = (_token, _method, _digest, bytes = 0) => {
    sizes.push(bytes)
    return Promise.resolve({ admitted: true, sessionId: alice, nonce: 'n' })
  }
  await world.ask({ id: 2, method: 'tools/list' }, { clientInfo })
  assert.ok(sizes.length === 1 && sizes[0]! > 0 && sizes[0]! < mostUnjudgedBytes)
})

test('what else stands in `_meta` is counted as before', async () => {
  const world = openEndpointWorld()
  const counted: unknown[] = []
  world.authorize = ({ answerBytes = 0 }) => {
    counted.push(answerBytes > mostUnjudgedBytes)
    return Promise.resolve(forward)
  }
  await world.ask(transfer, { clientInfo, capabilities: { experimental: { icons } } })
  assert.deepEqual(counted, [true])
})
