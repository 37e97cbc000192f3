import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { connectOverHttp } from './agent.ts'
import { openProxyWorld } from './proxy-world.ts'
import type { ProxyWorld } from './proxy-world.ts'
import { sendJson, startScriptedServer } from './scripted-http-server.ts'

interface Asked {
  readonly method?: string
  readonly path?: string
  /** Several values: the header comes several times. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>
  readonly body?: string | Buffer
}

interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })

/** As an agent asks that does everything right, but for what a test says. */
const ask = (
  world: ProxyWorld,
  { method = 'POST', path = '/mcp/scripted', headers, body }: Asked,
): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const all: Record<string, string | string[] | undefined> = {
      authorization: 'Bearer alice',
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...headers,
    }
    const given = Object.fromEntries(
      Object.entries(all).filter(([, value]) => value !== undefined),
    ) as Record<string, string | string[]>
    const request = httpRequest({
      host: '127.0.0.1',
      port: world.proxy.port,
      method,
      path,
      headers: given,
      agent: false,
    })
    request.once('error', reject)
    request.once('response', response => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      )
    })
    request.end(body ?? (method === 'POST' ? ping : undefined))
  })

const open = async (test: TestContext): Promise<ProxyWorld & { readonly mcpSessionId: string }> => {
  const server = await startScriptedServer(test, ({ message, method }, response) => {
    if (message?.id !== undefined) return sendJson(response, { jsonrpc: '2.0', id: message.id, result: {} })
    response.writeHead(method === 'POST' ? 202 : 405).end()
  })
  const world = await openProxyWorld(test, { scripted: { transport: 'http', url: server.url, headers: {} } })
  const { http } = await connectOverHttp(test, world.urlOf('scripted'), 'alice')
  return { ...world, mcpSessionId: http!.sessionId! }
}

const rejections: Readonly<Record<string, Asked & { readonly status: number; readonly says: RegExp }>> = {
  'rejects a request without a token': {
    headers: { authorization: undefined },
    status: 401,
    says: /expected .*Bearer/,
  },
  'rejects a token that is no bearer token': {
    headers: { authorization: 'Basic YTpi' },
    status: 401,
    says: /expected .*Bearer/,
  },
  'rejects a foreign origin': { headers: { origin: 'https://evil.example' }, status: 403, says: /Origin/ },
  'rejects an opaque origin': { headers: { origin: 'null' }, status: 403, says: /Origin/ },
  'rejects a rebound host name': { headers: { host: 'evil.example:80' }, status: 403, says: /Host/ },
  'rejects another method': { method: 'PUT', status: 405, says: /method/ },
  'rejects another content type': {
    headers: { 'content-type': 'text/plain' },
    status: 415,
    says: /Content-Type/,
  },
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
  'rejects what is no JSON': { body: '{', status: 400, says: /-32700.*expected JSON/ },
  'rejects what is no UTF-8': { body: Buffer.from([0xc3, 0x28]), status: 400, says: /expected UTF-8/ },
  'rejects a batch': { body: `[${ping}]`, status: 400, says: /-32600.*got a batch/ },
  'rejects 100,000 levels of nesting': {
    body: '['.repeat(100_000) + ']'.repeat(100_000),
    status: 400,
    says: /expected at most 500 levels of nesting, got more/,
  },
  'rejects a body beyond 4 MiB': {
    body: `"${'x'.repeat(4 * 1024 * 1024)}"`,
    status: 413,
    says: /expected at most 4194304 bytes/,
  },
  'rejects a message that is a call and an answer': {
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', result: {} }),
    status: 400,
    says: /got both/,
  },
  'rejects a token that comes twice': {
    headers: { authorization: ['Bearer alice', 'Bearer mallory'] },
    status: 401,
    says: /expected .*Bearer/,
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
  'rejects a method that is spelt otherwise': {
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'Tools/Call', params: { name: 'x' } }),
    status: 200,
    says: /-32601.*expected a request that MCP/,
  },
  'rejects a request outside an MCP session': { status: 400, says: /Mcp-Session-Id/ },
  'rejects an MCP session named twice': {
    headers: { 'mcp-session-id': ['one', 'another'] },
    status: 400,
    says: /expected the id that initialize was answered with, got none/,
  },
  'rejects an unknown MCP session': {
    headers: { 'mcp-session-id': 'guessed' },
    status: 404,
    says: /initialize again/,
  },
}

test('requests that are no good', async context => {
  const world = await open(context)
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
  const world = await open(context)
  const { headers } = await ask(world, { headers: { authorization: undefined } })
  const metadata = /resource_metadata="([^"]+)"/.exec(String(headers['www-authenticate']))?.[1]
  assert.ok(metadata !== undefined)
  const response = await fetch(metadata)
  assert.deepEqual(await response.json(), {
    resource: `http://127.0.0.1:${world.proxy.port}/mcp/scripted`,
    resource_name: 'scripted, behind Cordon',
    bearer_methods_supported: ['header'],
  })
})

test('a call with no name, no arguments object, or a reserved name never gets to the engine', async context => {
  const world = await open(context)
  const headers = { 'mcp-session-id': world.mcpSessionId }
  for (const params of [{}, { name: 7 }, { name: 'a', arguments: [] }, { name: 'resources:read' }]) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'tools/call', params })
    const answer = await ask(world, { headers, body })
    assert.equal(answer.status, 200)
    assert.match(answer.body, /"id":5,"error":\{"code":-32602,"message":"params\.(name|arguments): /)
  }
  assert.deepEqual(world.engine.calls, [])
})

test('of a key that comes twice the engine judges the one that the server gets', async context => {
  const received: unknown[] = []
  const server = await startScriptedServer(context, ({ message, method }, response) => {
    received.push(message)
    if (message?.id !== undefined) return sendJson(response, { jsonrpc: '2.0', id: message.id, result: {} })
    response.writeHead(method === 'POST' ? 202 : 405).end()
  })
  const world = await openProxyWorld(context, {
    scripted: { transport: 'http', url: server.url, headers: {} },
  })
  const { http } = await connectOverHttp(context, world.urlOf('scripted'), 'alice')
  await ask(world, {
    headers: { 'mcp-session-id': http!.sessionId! },
    body: '{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"harmless","name":"transfer","arguments":{}}}',
  })
  assert.equal(world.engine.calls[0]!.tool, 'transfer')
  assert.deepEqual(received.at(-1), {
    jsonrpc: '2.0',
    id: 5,
    method: 'tools/call',
    params: { name: 'transfer', arguments: {} },
  })
})

test('DELETE ends the MCP session', async context => {
  const world = await open(context)
  const headers = { 'mcp-session-id': world.mcpSessionId }
  assert.equal((await ask(world, { method: 'DELETE', headers })).status, 200)
  assert.equal((await ask(world, { headers })).status, 404)
})

test('a half-closed connection costs nothing', async context => {
  const world = await open(context)
  const socket = connect(world.proxy.port, '127.0.0.1')
  socket.write('POST /mcp/scripted HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n')
  socket.end('Authorization: Bearer alice\r\nContent-Type: application/json\r\nAccept: */*\r\n\r\n{"json')
  socket.resume()
  await once(socket, 'close')
  assert.equal((await ask(world, { headers: { 'mcp-session-id': world.mcpSessionId } })).status, 200)
})

test('of two hosts neither counts', async context => {
  const world = await open(context)
  const socket = connect(world.proxy.port, '127.0.0.1').setEncoding('utf8')
  socket.end(
    'POST /mcp/scripted HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nContent-Length: 0\r\n' +
      'Authorization: Bearer alice\r\nConnection: close\r\n\r\n',
  )
  let answer = ''
  for await (const text of socket) answer += String(text)
  assert.match(answer, /^HTTP\/1.1 403 /)
})
