import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

import type { LoopbackCordon } from '@cordon/agent-client/fixtures/loopback-cordon'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { InMemoryEventStore } from '@modelcontextprotocol/sdk/examples/shared/inMemoryEventStore.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createMcpHandler, McpServer as ModernServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

type Forward = LoopbackCordon['forward']

/** Official servers of both generations, behind a loopback proxy. */
export interface OlderServers {
  readonly forward: Forward
  /** As a server that was started anew. */
  forgetSessions(): void
  /** Says something by itself, to every client. */
  announce(): void
  readonly open: () => number
}

export const olderServers = (): OlderServers => {
  const sessions = new Map<string, { server: McpServer; transport: StreamableHTTPServerTransport }>()

  const open = async (): Promise<StreamableHTTPServerTransport> => {
    const server = olderServer()
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: new InMemoryEventStore(),
      retryInterval: 50,
      onsessioninitialized: id => void sessions.set(id, { server, transport }),
      onsessionclosed: id => void sessions.delete(id),
    })
    await server.connect(transport)
    return transport
  }

  const answer = async (request: IncomingMessage, response: ServerResponse, body: string): Promise<void> => {
    const id = request.headers['mcp-session-id']
    const known = typeof id === 'string' ? sessions.get(id)?.transport : undefined
    if (id !== undefined && known === undefined) {
      response.writeHead(404).end()
      return
    }
    await (known ?? (await open())).handleRequest(
      request,
      response,
      body === '' ? undefined : JSON.parse(body),
    )
  }

  return {
    forward: (request, response, body) => void answer(request, response, body),
    forgetSessions: () => sessions.clear(),
    announce: () => {
      for (const { server } of sessions.values()) server.sendToolListChanged()
    },
    open: () => sessions.size,
  }
}

const olderServer = (): McpServer => {
  const server = new McpServer(
    { name: 'demo', version: '1.0.0' },
    { capabilities: { tools: { listChanged: true } } },
  )
  server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => ({
    content: [{ type: 'text', text }],
  }))
  server.registerTool('think', {}, async () => {
    const { content } = await server.server.createMessage({
      messages: [{ role: 'user', content: { type: 'text', text: 'And?' } }],
      maxTokens: 10,
    })
    return { content: [{ type: 'text', text: JSON.stringify(content) }] }
  })
  server.registerTool('ask', {}, async () => {
    const { action } = await server.server.elicitInput({
      message: 'Sure?',
      requestedSchema: { type: 'object', properties: { sure: { type: 'boolean' } } },
    })
    return { content: [{ type: 'text', text: action }] }
  })
  server.registerTool('count', {}, async extra => {
    for (let progress = 1; progress <= 20; progress += 1)
      await extra.sendNotification({
        method: 'notifications/progress',
        params: { progressToken: extra._meta?.progressToken ?? '', progress },
      })
    // The official client drops progress that it reads together with the answer.
    await new Promise(resolve => setTimeout(resolve, 100))
    return { content: [{ type: 'text', text: 'counted' }] }
  })
  server.registerTool('break-off', {}, async extra => {
    // The stream of the call ends before its answer, which has to be asked for again (SEP-1699).
    extra.closeSSEStream?.()
    await new Promise(resolve => setTimeout(resolve, 100))
    return { content: [{ type: 'text', text: 'resumed' }] }
  })
  server.registerResource('note', 'demo://note', {}, uri => ({
    contents: [{ uri: uri.href, text: 'A note.' }],
  }))
  server.registerPrompt('greet', {}, () => ({
    messages: [{ role: 'user', content: { type: 'text', text: 'Hello.' } }],
  }))
  return server
}

/** The package's type wants members that Node's requests have only sometimes. */
type ForwardingHandler = (request: IncomingMessage, response: ServerResponse, body: unknown) => Promise<void>

/** Of generation 2, without sessions. */
export const modernServers = (): {
  readonly forward: Forward
  /** Calls of `hang` that were given up. */
  readonly cancelled: () => number
  /** Says to all who listen that the tools changed. */
  readonly announce: () => void
} => {
  let cancelled = 0
  const servers = createMcpHandler(() => {
    const server = new ModernServer(
      { name: 'demo', version: '2.0.0' },
      { capabilities: { tools: { listChanged: true } } },
    )
    server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => ({
      content: [{ type: 'text', text }],
    }))
    server.registerTool('hang', {}, async context => {
      await new Promise<void>(resolve => {
        context.mcpReq.signal.addEventListener('abort', () => {
          cancelled += 1
          resolve()
        })
      })
      return { content: [] }
    })
    server.registerResource('note', 'demo://note', {}, uri => ({
      contents: [{ uri: uri.href, text: 'A note.' }],
    }))
    server.registerPrompt('greet', {}, () => ({
      messages: [{ role: 'user', content: { type: 'text', text: 'Hello.' } }],
    }))
    return server
  })
  const handler = toNodeHandler(servers) as ForwardingHandler
  return {
    forward: (request, response, body) =>
      void handler(request, response, body === '' ? undefined : JSON.parse(body)),
    cancelled: () => cancelled,
    announce: () => servers.notify.toolsChanged(),
  }
}
