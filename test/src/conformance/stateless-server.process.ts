// The conformance server of MCP 2026-07-28: with the argument `stdio` on the standard streams, otherwise over HTTP; then it
// says on standard output which port it listens on.
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'

import { isLoopback } from '../support/loopback.ts'
import { createStatelessServer } from './stateless-server.ts'

if (process.argv[2] === 'stdio') {
  serveStdio(() => {
    const server = createStatelessServer({
      toolsChanged: () => server.sendToolListChanged(),
      promptsChanged: () => server.sendPromptListChanged(),
    })
    return server
  })
} else {
  const handler = createMcpHandler(() =>
    createStatelessServer({
      toolsChanged: () => handler.notify.toolsChanged(),
      promptsChanged: () => handler.notify.promptsChanged(),
    }),
  )
  const serve = toNodeHandler(handler) as RequestListener
  const server = createServer((request, response) => {
    const { host, origin } = request.headers
    const names = [`http://${host}`, ...(origin === undefined ? [] : [origin])]
    // Otherwise any web page could have a browser call it under a name of its own (DNS rebinding).
    if (names.every(isLoopback)) serve(request, response)
    else response.writeHead(403).end()
  }).listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
}
