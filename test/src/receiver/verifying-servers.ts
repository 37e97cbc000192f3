import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'

import { createReceiver, guardHttp } from '@cordon/tokens/receiver'
import { toNodeHandler } from '@modelcontextprotocol/node'
import {
  acceptedContent,
  createMcpHandler,
  fromJsonSchema,
  inputRequired,
  McpServer as NewerServer,
} from '@modelcontextprotocol/server'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { SubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'

import { listen, type ToolServer } from '../attacks/identity/tool-server.ts'

/** A tool server of an official package behind `guardHttp`: it asks within each call, and can be subscribed to. */
export interface VerifyingServer {
  /** Resources that somebody wants to know about. */
  readonly subscribed: readonly string[]
  readonly open: (context: TestContext, options: Parameters<typeof createReceiver>[0]) => Promise<ToolServer>
}

export const watched = 'demo://watched'

type Handler = (request: IncomingMessage, response: ServerResponse, body: unknown) => Promise<void>

/** @param note sees each message that may be acted on */
const guarded =
  (
    handle: Handler,
    note: (message: Readonly<Record<string, unknown>>) => void = () => undefined,
  ): VerifyingServer['open'] =>
  async (context, options) => {
    const refused: string[] = []
    const guard = guardHttp(createReceiver(options), { onRefused: reason => refused.push(reason) })
    const url = await listen(context, (request, response) => {
      void guard(request, response).then(call => {
        if (call === undefined) return
        if (call.body !== undefined) note(call.body)
        return handle(request, response, call.body)
      })
    })
    return { url: `${url}/mcp`, acted: [], refused, tokens: [] }
  }

const text = (said: string) => ({ content: [{ type: 'text' as const, text: said }] })
const requestedSchema = { type: 'object' as const, properties: { sure: { type: 'boolean' as const } } }

/** MCP 2025-11-25. */
export const openOlderServer = (context: TestContext): VerifyingServer => {
  const subscribed: string[] = []
  const server = new McpServer(
    { name: 'files', version: '1.0.0' },
    { capabilities: { resources: { subscribe: true } } },
  )
  server.registerTool('read_file', { inputSchema: { path: z.string() } }, async ({ path }) => {
    const { action } = await server.server.elicitInput({ message: `Sure about ${path}?`, requestedSchema })
    return text(action === 'accept' ? `Read ${path}` : 'Declined')
  })
  server.server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    subscribed.push(params.uri)
    return {}
  })
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID })
  const connected = server.connect(transport)
  context.after(() => server.close())
  return {
    subscribed,
    open: guarded(async (request, response, body) => {
      await connected
      await transport.handleRequest(request, response, body)
    }),
  }
}

/** MCP 2026-07-28 alone. */
export const openNewerServer = (): VerifyingServer => {
  const subscribed: string[] = []
  const inputSchema = fromJsonSchema<{ readonly path: string }>({
    type: 'object',
    properties: { path: { type: 'string' } },
    required: ['path'],
  })
  const handler = createMcpHandler(
    () => {
      const server = new NewerServer(
        { name: 'files', version: '2.0.0' },
        { capabilities: { resources: { subscribe: true } } },
      )
      server.registerTool('read_file', { inputSchema }, ({ path }, { mcpReq }) =>
        acceptedContent(mcpReq.inputResponses, 'sure') === undefined
          ? inputRequired({
              inputRequests: {
                sure: inputRequired.elicit({ message: `Sure about ${path}?`, requestedSchema }),
              },
              requestState: path,
            })
          : text(`Read ${path}`),
      )
      return server
    },
    { legacy: 'reject' },
  )
  const note = ({ method, params }: Readonly<Record<string, unknown>>): void => {
    if (method !== 'subscriptions/listen') return
    const { notifications } = params as {
      readonly notifications: { readonly resourceSubscriptions?: string[] }
    }
    subscribed.push(...(notifications.resourceSubscriptions ?? []))
  }
  return { subscribed, open: guarded(toNodeHandler(handler) as Handler, note) }
}
