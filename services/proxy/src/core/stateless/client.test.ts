import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonObject } from '../json-rpc.ts'
import { clientOf, withBriefClient } from './client.ts'

const capabilitiesOf = (clientCapabilities: JsonObject): JsonObject => {
  const _meta = { 'io.modelcontextprotocol/clientCapabilities': clientCapabilities }
  return clientOf({ kind: 'request', id: 1, method: 'tools/list', params: { _meta } }).capabilities
}

test('a server with sessions is told what it may ask within a call, and nothing else', () => {
  const declared = {
    sampling: { tools: {}, junk: 'x'.repeat(1_000) },
    elicitation: { url: {}, form: {} },
    roots: { listChanged: true },
    experimental: { anything: {} },
  }
  const told = { elicitation: { form: {}, url: {} }, sampling: { tools: {} } }
  assert.equal(JSON.stringify(capabilitiesOf(declared)), JSON.stringify(told))
})

test('the same capabilities in another order are the same', () => {
  const [one, other] = [
    capabilitiesOf({ sampling: {}, elicitation: { form: {}, url: {} } }),
    capabilitiesOf({ elicitation: { url: {}, form: {} }, sampling: {} }),
  ]
  assert.equal(JSON.stringify(one), JSON.stringify(other))
})

test('what is no capability is none', () => {
  assert.deepEqual(capabilitiesOf({ sampling: true, elicitation: [] }), {})
})

test('a name longer than any is none: what a link keeps is small, whatever a client says', () => {
  const infoOf = (clientInfo: JsonObject): JsonObject =>
    clientOf({
      kind: 'request',
      id: 1,
      method: 'tools/list',
      params: { _meta: { 'io.modelcontextprotocol/clientInfo': clientInfo } },
    }).info
  assert.deepEqual(infoOf({ name: 'a', version: '1', more: 'x' }), { name: 'a', version: '1' })
  const long = 'x'.repeat(256)
  assert.deepEqual(infoOf({ name: long, version: long }), { name: long, version: long })
  assert.deepEqual(infoOf({ name: `${long}x`, version: `${long}x` }), { name: 'unnamed', version: '0' })
})

test('of what a client says of itself a request keeps name and version, and it keeps all else', () => {
  const info = 'io.modelcontextprotocol/clientInfo'
  const request = (meta: JsonObject) =>
    ({ kind: 'request', id: 1, method: 'tools/list', params: { cursor: 'c', _meta: meta } }) as const
  const kept = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', progressToken: 7 }
  const icons = [{ src: `data:image/png;base64,${'A'.repeat(8_192)}` }]
  assert.deepEqual(
    withBriefClient(request({ ...kept, [info]: { name: 'desk', version: '1', icons } })),
    request({ ...kept, [info]: { name: 'desk', version: '1' } }),
  )
  assert.deepEqual(withBriefClient(request(kept)), request(kept))
})
