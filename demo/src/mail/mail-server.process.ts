// A tool server that nobody reaches but through Cordon: every request has to have a call token of an engine, for this very call.
// Arguments: port, issuer of the deployment.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

import { createReceiver, guardHttp } from '@cordon/tokens/receiver'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { z } from 'zod'

const [port = '', identity = ''] = process.argv.slice(2)
const guard = guardHttp(createReceiver({ server: 'mail', identity }))

const makeServer = (human: string): McpServer => {
  const server = new McpServer({ name: 'mail', version: '1.0.0' })
  server.registerTool(
    'send_reply',
    {
      description: 'Sends a reply to a customer. This company is made up: nothing leaves the machine.',
      inputSchema: { to: z.email(), text: z.string().max(10_000) },
    },
    ({ to }) => ({ content: [{ type: 'text', text: `Sent to ${to} in the name of ${human}.` }] }),
  )
  return server
}

const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const call = await guard(request, response)
  if (call === undefined) return
  if (call.body === undefined) {
    // It keeps no session: there is nothing to listen to, and nothing to end.
    response.writeHead(405, { allow: 'POST' }).end()
    return
  }
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
  response.once('close', () => void transport.close())
  await makeServer(call.caller.human).connect(transport)
  await transport.handleRequest(request, response, call.body)
}

const server = createServer((request, response) => void answer(request, response))
// What was issued before its start the receiver refuses, and tokens tell whole seconds: from the next one on all are good.
setTimeout(() => server.listen(Number(port), '127.0.0.1'), 1_000)
