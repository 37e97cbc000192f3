import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { InMemoryEventStore } from '@modelcontextprotocol/sdk/examples/shared/inMemoryEventStore.js'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'

import { isLoopback } from './loopback.ts'

/** Soon: tests wait for it. */
const retryIntervalMs = 100

/**
 * Serves on the official transports: with the argument `stdio` on the standard streams, otherwise over Streamable HTTP,
 * resumable; then it says on standard output which port it listens on.
 * @param prepare sees each HTTP request first
 */
export const serveMcp = async (
  create: () => McpServer,
  prepare: (request: IncomingMessage) => void = () => undefined,
): Promise<void> => {
  if (process.argv[2] === 'stdio') return create().connect(new StdioServerTransport())
  const transports = new Map<string, StreamableHTTPServerTransport>()

  const open = async (): Promise<StreamableHTTPServerTransport> => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: new InMemoryEventStore(),
      retryInterval: retryIntervalMs,
      onsessioninitialized: id => void transports.set(id, transport),
      onsessionclosed: id => void transports.delete(id),
    })
    await create().connect(transport)
    return transport
  }

  const server = createServer((request, response) => {
    // Otherwise any web page could have a browser call it under a name of its own (DNS rebinding).
    if (!isLoopback(`http://${request.headers.host}`)) {
      response.writeHead(403).end()
      return
    }
    const id = request.headers['mcp-session-id']
    const known = typeof id === 'string' ? transports.get(id) : undefined
    if (id !== undefined && known === undefined) {
      response.writeHead(404).end()
      return
    }
    prepare(request)
    void (async () => (known ?? (await open())).handleRequest(request, response))()
  }).listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
}
