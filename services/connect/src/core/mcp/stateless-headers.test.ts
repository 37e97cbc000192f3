import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readClientMessage } from './client-message.ts'
import { createParamHeaders } from './param-headers.ts'
import { encodeHeaderValue, statelessHeaders } from './stateless-headers.ts'

const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' }
const requestOf = (method: string, params: object) => {
  const message = readClientMessage(
    JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } }),
  )
  assert.ok(message?.kind === 'request')
  return message
}

const rows: readonly (readonly [method: string, params: object, name: string | undefined])[] = [
  ['tools/call', { name: 'echo' }, 'echo'],
  ['prompts/get', { name: 'greet' }, 'greet'],
  ['resources/read', { uri: 'demo://note' }, 'demo://note'],
  ['tools/list', { name: 'no name of a tool' }, undefined],
]

for (const [method, params, name] of rows)
  test(`${method} is repeated in headers`, () =>
    assert.deepEqual(statelessHeaders(requestOf(method, params)), {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(name !== undefined && { 'mcp-name': name }),
    }))

test('what is no plain header text goes as Base64, so that no name writes a header of its own', () => {
  assert.equal(encodeHeaderValue('read file'), 'read file')
  // printf 'grüße' | base64; printf 'a\r\nx: y' | base64; printf ' a' | base64
  assert.equal(encodeHeaderValue('grüße'), '=?base64?Z3LDvMOfZQ==?=')
  assert.equal(encodeHeaderValue('a\r\nx: y'), '=?base64?YQ0KeDogeQ==?=')
  assert.equal(encodeHeaderValue(' a'), '=?base64?IGE=?=')
})

test('arguments are repeated where the schema of the tool says so', () => {
  const params = createParamHeaders()
  const inputSchema = {
    type: 'object',
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      size: { type: 'object', properties: { rows: { type: 'integer', 'x-mcp-header': 'Rows' } } },
      evil: { type: 'string', 'x-mcp-header': 'a: b\r\nc' },
    },
  }
  const call = requestOf('tools/call', {
    name: 'query',
    arguments: { region: 'eu west', size: { rows: 7 }, evil: 'x', other: 'y' },
  })
  assert.deepEqual(params.of(call), {})
  params.learn({ tools: [{ name: 'query', inputSchema }, 'no tool'] })
  assert.deepEqual(params.of(call), { 'mcp-param-Region': 'eu west', 'mcp-param-Rows': '7' })
  assert.deepEqual(params.of(requestOf('tools/call', { name: 'query', arguments: { region: null } })), {})
})
