// The conformance server: with the argument `stdio` on its standard streams, otherwise over Streamable HTTP, resumable; then
// it says on standard output which port it listens on.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { InMemoryEventStore } from '@modelcontextprotocol/sdk/examples/shared/inMemoryEventStore.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { LATEST_PROTOCOL_VERSION } from '@modelcontextprotocol/sdk/types.js'

import { createConformanceServer } from './conformance-server.ts'

/** Soon: the scenarios wait for it. */
const retryIntervalMs = 100

const transports = new Map<string, StreamableHTTPServerTransport>()

const open = async (): Promise<StreamableHTTPServerTransport> => {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    eventStore: new InMemoryEventStore(),
    retryInterval: retryIntervalMs,
    onsessioninitialized: id => void transports.set(id, transport),
    onsessionclosed: id => void transports.delete(id),
  })
  await createConformanceServer().connect(transport)
  return transport
}

const isLoopback = (host: string): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(host)

/**
 * The polling scenario agrees on 2025-11-25 and says in the header that it speaks 2025-03-26, which knows no polling: with
 * what was agreed it does try it.
 */
const speakAsAgreed = ({ rawHeaders }: IncomingMessage): void => {
  const name = rawHeaders.findIndex(each => each.toLowerCase() === 'mcp-protocol-version')
  if (name !== -1) rawHeaders[name + 1] = LATEST_PROTOCOL_VERSION
}

const httpServer = createServer((request, response) => {
  // Otherwise any web page could have a browser call it under a name of its own (DNS rebinding).
  if (!isLoopback(new URL(`http://${request.headers.host}`).hostname)) {
    response.writeHead(403).end()
    return
  }
  const id = request.headers['mcp-session-id']
  const known = typeof id === 'string' ? transports.get(id) : undefined
  if (id !== undefined && known === undefined) {
    response.writeHead(404).end()
    return
  }
  speakAsAgreed(request)
  void (async () => (known ?? (await open())).handleRequest(request, response))()
})

if (process.argv[2] === 'stdio') await createConformanceServer().connect(new StdioServerTransport())
else httpServer.listen(0, '127.0.0.1', () => console.log((httpServer.address() as AddressInfo).port))
