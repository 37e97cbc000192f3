import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'

import { ask, openRawAgent } from './raw-agent.ts'
import type { Asked } from './raw-agent.ts'

const rejections: Readonly<Record<string, Asked & { readonly status: number; readonly says: RegExp }>> = {
  'rejects a token that is no bearer token': {
    headers: { authorization: 'Basic YTpi' },
    status: 401,
    says: /expected .*DPoP/,
  },
  'rejects an opaque origin': { headers: { origin: 'null' }, status: 403, says: /Origin/ },
  'rejects a rebound host name': { headers: { host: 'evil.example:80' }, status: 403, says: /Host/ },
  'rejects another method': { method: 'PUT', status: 405, says: /method/ },
  'rejects an agent that takes no streams': {
    headers: { accept: 'application/json' },
    status: 406,
    says: /Accept/,
  },
  'rejects an unknown server': { path: '/mcp/other', status: 404, says: /path/ },
  'rejects a server named after a property of objects': {
    path: '/mcp/constructor',
    status: 404,
    says: /path/,
  },
  'rejects a message that is a call and an answer': {
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', result: {} }),
    status: 400,
    says: /got both/,
  },
  'rejects a token that comes twice': {
    headers: { authorization: ['DPoP alice', 'DPoP mallory'] },
    status: 401,
    says: /expected .*DPoP/,
  },
  'rejects two content types': {
    headers: { 'content-type': ['application/json', 'text/plain'] },
    status: 415,
    says: /Content-Type/,
  },
  'rejects a tool call without an id': {
    body: JSON.stringify({ jsonrpc: '2.0', method: 'tools/call', params: { name: 'x' } }),
    status: 400,
    says: /-32601.*expected a notification that MCP/,
  },
  'rejects a request outside an MCP session': { status: 400, says: /Mcp-Session-Id/ },
  'rejects an MCP session named twice': {
    headers: { 'mcp-session-id': ['one', 'another'] },
    status: 400,
    says: /expected the id that initialize was answered with, got none/,
  },
}

test('requests that are no good', async context => {
  const world = await openRawAgent(context)
  for (const [name, { status, says, ...asked }] of Object.entries(rejections)) {
    await context.test(name, async () => {
      const answer = await ask(world, asked)
      assert.equal(answer.status, status)
      assert.match(answer.body, says)
      assert.equal((JSON.parse(answer.body) as { jsonrpc: string }).jsonrpc, '2.0')
    })
  }
  assert.deepEqual(world.engine.calls, [])
  const good = await ask(world, {
    headers: {
      'mcp-session-id': world.mcpSessionId,
      host: 'localhost',
      // A list may come in parts (RFC 9110 §5.3).
      accept: ['application/json', 'text/event-stream'],
    },
  })
  assert.deepEqual([good.status, good.body], [200, '{"jsonrpc":"2.0","id":1,"result":{}}'])
})

test('says where to get a token (RFC 9728)', async context => {
  const world = await openRawAgent(context)
  const { headers } = await ask(world, { headers: { authorization: undefined } })
  const metadata = /resource_metadata="([^"]+)"/.exec(String(headers['www-authenticate']))?.[1]
  assert.ok(metadata !== undefined)
  const response = await fetch(metadata)
  assert.deepEqual(await response.json(), {
    resource: `http://127.0.0.1:${world.proxy.port}/mcp/scripted`,
    resource_name: 'scripted, behind Cordon',
    bearer_methods_supported: ['header'],
    dpop_bound_access_tokens_required: true,
    dpop_signing_alg_values_supported: ['EdDSA', 'ES256'],
  })
})

test('a call with no name, no arguments object, or a reserved name never gets to the engine', async context => {
  const world = await openRawAgent(context)
  const headers = { 'mcp-session-id': world.mcpSessionId }
  for (const params of [{}, { name: 7 }, { name: 'a', arguments: [] }, { name: 'resources:read' }]) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'tools/call', params })
    const answer = await ask(world, { headers, body })
    assert.equal(answer.status, 200)
    assert.match(answer.body, /"id":5,"error":\{"code":-32602,"message":"params\.(name|arguments): /)
  }
  assert.deepEqual(world.engine.calls, [])
})

test('DELETE ends the MCP session', async context => {
  const world = await openRawAgent(context)
  const headers = { 'mcp-session-id': world.mcpSessionId }
  assert.equal((await ask(world, { method: 'DELETE', headers })).status, 200)
  assert.equal((await ask(world, { headers })).status, 404)
})

test('of two hosts neither counts', async context => {
  const world = await openRawAgent(context)
  const socket = connect(world.proxy.port, '127.0.0.1').setEncoding('utf8')
  socket.end(
    'POST /mcp/scripted HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nContent-Length: 0\r\n' +
      'Authorization: DPoP alice\r\nDPoP: proof\r\nConnection: close\r\n\r\n',
  )
  let answer = ''
  for await (const text of socket) answer += String(text)
  assert.match(answer, /^HTTP\/1.1 403 /)
})
