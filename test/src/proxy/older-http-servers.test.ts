import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import { connectModernAgent } from './modern-agent.ts'
import { openProxyWorld } from './proxy-world.ts'
import type { ProxyWorld } from './proxy-world.ts'

interface OlderServer {
  readonly url: string
  readonly credentials: readonly unknown[]
  /** Ends every stream. */
  readonly restart: () => void
}

/** The official server over HTTP+SSE (MCP 2024-11-05). */
const startOlderServer = async (context: TestContext): Promise<OlderServer> => {
  const transports = new Map<string, SSEServerTransport>()
  const streams = new Set<ServerResponse>()
  const credentials: unknown[] = []
  const http = createServer((request, response) => {
    const url = new URL(request.url!, 'http://127.0.0.1')
    credentials.push(request.headers.authorization)
    if (request.method === 'POST') {
      // What comes after the end of a stream is answered with 500, and thrown.
      const transport = transports.get(url.searchParams.get('sessionId')!)
      return void transport?.handlePostMessage(request, response).catch(() => undefined)
    }
    const transport = new SSEServerTransport('/messages', response)
    streams.add(response)
    transports.set(transport.sessionId, transport)
    const server = new McpServer({ name: 'older', version: '1.0.0' })
    server.registerTool('greet', {}, () => ({ content: [{ type: 'text', text: 'Good morning.' }] }))
    server.registerTool('count', {}, async ({ _meta, sendNotification }) => {
      for (let progress = 1; progress <= 3; progress += 1) {
        const progressToken = _meta!.progressToken!
        await sendNotification({ method: 'notifications/progress', params: { progressToken, progress } })
      }
      return { content: [] }
    })
    server.registerTool('hang', {}, () => new Promise(() => undefined))
    return void server.connect(transport)
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  context.after(() => {
    http.closeAllConnections()
    http.close()
  })
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/sse`,
    credentials,
    restart: () => streams.forEach(stream => stream.end()),
  }
}

const open = async (context: TestContext): Promise<ProxyWorld & { readonly server: OlderServer }> => {
  const server = await startOlderServer(context)
  const headers = { authorization: 'Basic of-the-proxy' }
  const world = await openProxyWorld(context, { older: { transport: 'sse', url: server.url, headers } })
  return { ...world, server }
}

test('a client with sessions, and a server over HTTP+SSE', async context => {
  const { urlOf, engine, server } = await open(context)
  const { client } = await connectOverHttp(context, urlOf('older'), 'alice')
  assert.equal(client.getServerVersion()?.name, 'older')
  const { content } = await client.callTool({ name: 'greet', arguments: {} })
  assert.deepEqual(content, [{ type: 'text', text: 'Good morning.' }])
  const seen: number[] = []
  await client.callTool({ name: 'count', arguments: {} }, undefined, {
    onprogress: ({ progress }) => void seen.push(progress),
  })
  assert.deepEqual(seen, [1, 2, 3])
  assert.deepEqual(engine.order.slice(0, 2), ['call greet', 'outcome ok'])
  assert.deepEqual(new Set(server.credentials), new Set(['Basic of-the-proxy']))
})

test('a client that speaks 2026-07-28 alone, and a server over HTTP+SSE', async context => {
  const { urlOf } = await open(context)
  const { client } = await connectModernAgent(context, urlOf('older'), 'alice')
  const { content } = await client.callTool({ name: 'greet', arguments: {} })
  assert.deepEqual(content, [{ type: 'text', text: 'Good morning.' }])
})

/**
 * @fault a tool server over HTTP+SSE (MCP 2024-11-05) ends its stream
 * @behaviour its open calls get -32011, and the MCP session is over
 * @counter cordon_proxy_upstream_faults_total{kind="crashed"}
 */
test('a server over HTTP+SSE that ends its stream fails its open calls', async context => {
  const { urlOf, engine, server, telemetry } = await open(context)
  const { client } = await connectOverHttp(context, urlOf('older'), 'alice')
  const hung = client.callTool({ name: 'hang', arguments: {} })
  await eventually('the call is forwarded', () => engine.calls.length === 1)
  server.restart()
  await assert.rejects(hung, /tool server "older": it ended its stream before it answered/)
  assert.match(await telemetry.metrics(), /cordon_proxy_upstream_faults_total\{kind="crashed"\} 1/)
})

/**
 * @fault a tool server over HTTP+SSE names an address elsewhere for its messages
 * @behaviour -32011: expected an endpoint at the server itself; the server's credentials go nowhere else
 * @counter cordon_proxy_upstream_faults_total{kind="malformed"}
 */
test('rejects an endpoint elsewhere, to which the credentials would go', async context => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('event: endpoint\ndata: http://127.0.0.2:1/messages\n\n')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sse`
  const { urlOf, telemetry } = await openProxyWorld(context, {
    astray: { transport: 'sse', url, headers: {} },
  })
  await assert.rejects(
    connectOverHttp(context, urlOf('astray'), 'alice'),
    /expected an endpoint at the server itself, got one elsewhere/,
  )
  assert.match(await telemetry.metrics(), /cordon_proxy_upstream_faults_total\{kind="malformed"\} 1/)
})
