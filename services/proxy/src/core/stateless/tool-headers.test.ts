import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseExactJson } from '../exact-json.ts'
import type { RpcRequest } from '../json-rpc.ts'
import { createToolHeaders } from './tool-headers.ts'
import type { ToolHeaders } from './tool-headers.ts'

const schema = {
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    limits: { type: 'object', properties: { most: { type: 'number', 'x-mcp-header': 'Most' } } },
    note: { type: 'string' },
  },
}

const learnt = (): ToolHeaders => {
  const headers = createToolHeaders()
  headers.learn('bank', { tools: [{ name: 'route', inputSchema: schema }] })
  return headers
}

const call = (args: string, name = 'route'): RpcRequest => ({
  kind: 'request',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: parseExactJson(args) },
})

test('rejects a call without a header that its tool wants, or with another value', () => {
  const headers = learnt()
  const routed = call('{"region":"eu"}')
  assert.equal(headers.check('bank', routed, { 'mcp-param-region': 'eu' }), undefined)
  assert.equal(headers.check('bank', routed, { 'mcp-param-region': '=?base64?ZXU=?=' }), undefined)
  assert.match(headers.check('bank', routed, {})!, /mcp-param-region: .*got none/)
  assert.match(headers.check('bank', routed, { 'mcp-param-region': 'us' })!, /got something else/)
  assert.match(headers.check('bank', routed, { 'mcp-param-region': '=?base64?ZXU?=' })!, /got something else/)
})

test('what the body does not say no header has to, and other tools want none', () => {
  const headers = learnt()
  assert.equal(headers.check('bank', call('{"note":"x","region":null}'), {}), undefined)
  assert.equal(headers.check('bank', call('{"region":"eu"}', 'other'), {}), undefined)
  assert.equal(headers.check('files', call('{"region":"eu"}'), {}), undefined)
})

test('numbers are the same however they are written, as far as nothing of them gets lost', () => {
  const headers = learnt()
  const said = (most: string, header: string): string | undefined =>
    headers.check('bank', call(`{"limits":{"most":${most}}}`), { 'mcp-param-most': header })
  assert.equal(said('42', '42.0'), undefined)
  assert.equal(said('42.0', '42'), undefined)
  assert.equal(said('12345678901234567890', '12345678901234567890'), undefined)
  assert.match(said('12345678901234567890', '12345678901234567891')!, /got something else/)
  assert.match(said('42', '0x2a')!, /got something else/)
})

test('a tool that is listed without its header wants it no more', () => {
  const headers = learnt()
  headers.learn('bank', { tools: [{ name: 'route', inputSchema: { type: 'object' } }, 7] })
  headers.learn('bank', { tools: 'none' })
  assert.equal(headers.check('bank', call('{"region":"eu"}'), {}), undefined)
})
