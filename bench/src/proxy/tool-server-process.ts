import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { z } from 'zod'

import { answerParent } from '../process/child.ts'
import type { ServerQuestions } from './server-questions.ts'
import { toolModes } from './proxy-bundle.ts'

// A tool server of the official SDK over Streamable HTTP, with JSON answers: a session per client, and tools that do nothing.

const argumentShape = {
  recipient: z.string(),
  path: z.string(),
  account: z.string(),
  text: z.string(),
  number: z.number(),
}
/** As long as the results of recorded calls are in the middle. */
const resultText = 'The entry was booked and its receipt filed under the quarter that it belongs to. '.repeat(
  14,
)

const transports = new Map<string, StreamableHTTPServerTransport>()

const openSession = async (): Promise<StreamableHTTPServerTransport> => {
  const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    enableJsonResponse: true,
    onsessioninitialized: id => void transports.set(id, transport),
  })
  const server = new McpServer({ name: 'bench', version: '1.0.0' })
  for (const tool of Object.keys(toolModes)) {
    server.registerTool(tool, { inputSchema: argumentShape }, ({ number }) => ({
      content: [{ type: 'text', text: `settled ${number} ${resultText}` }],
    }))
  }
  await server.connect(transport)
  return transport
}

/**
 * The SDK (1.32.2) keeps every request that it answered with JSON until its session ends: after the calls of a whole run
 * collecting its garbage would be what the bench measures. A session has one request at a time.
 */
const forgetAnswered = (transport: StreamableHTTPServerTransport): void => {
  const streams = transport['_webStandardTransport']['_streamMapping']
  for (const [id, { resolveJson }] of streams) if (resolveJson !== undefined) streams.delete(id)
}

const http = createServer((request, response) => {
  const answer = async (): Promise<void> => {
    const id = request.headers['mcp-session-id']
    const transport = typeof id === 'string' ? transports.get(id) : await openSession()
    if (transport === undefined) return void response.writeHead(404).end()
    response.once('close', () => forgetAnswered(transport))
    return transport.handleRequest(request, response)
  }
  answer().catch(() => response.destroy())
})

answerParent<ServerQuestions>({
  listen: async () => {
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    return (http.address() as AddressInfo).port
  },
})
