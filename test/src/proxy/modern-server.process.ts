// A tool server of the official package, generation 2: modern-server.process.ts <stdio|PORT> <serve|reject, for clients
// of the older era>.
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'

import { toNodeHandler } from '@modelcontextprotocol/node'
import {
  acceptedContent,
  createMcpHandler,
  fromJsonSchema,
  inputRequired,
  McpServer,
} from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'

const [transport = 'stdio', older] = process.argv.slice(2)

const text = (said: string) => ({ content: [{ type: 'text' as const, text: said }] })
const strings = <Name extends string>(...names: readonly Name[]) =>
  fromJsonSchema<Readonly<Record<Name, string>>>({
    type: 'object',
    properties: Object.fromEntries(names.map(name => [name, { type: 'string' }])),
    required: [...names],
  })

/** An argument that a header repeats. */
const region = { type: 'string' as const, 'x-mcp-header': 'Region' }

let cancelled = 0
const listeners = new Set<() => void>()

const openServer = (): McpServer => {
  const server = new McpServer(
    { name: 'modern', version: '2.0.0' },
    { capabilities: { tools: { listChanged: true } }, instructions: 'Be careful.' },
  )
  server.registerTool('echo', { inputSchema: strings('message') }, ({ message }) => text(`Echo: ${message}`))
  server.registerTool('fail', {}, () => ({ ...text('It failed.'), isError: true }))
  server.registerTool('count', { inputSchema: strings('to') }, async ({ to }, { mcpReq }) => {
    for (let progress = 1; progress <= Number(to); progress += 1) {
      const { progressToken } = mcpReq._meta ?? {}
      if (progressToken === undefined) break
      await mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken, progress, total: Number(to) },
      })
    }
    return text(`Counted to ${to}`)
  })
  server.registerTool(
    'wait',
    {},
    ({ mcpReq }) =>
      new Promise(resolve => {
        mcpReq.signal.addEventListener('abort', () => {
          cancelled += 1
          resolve(text('Cancelled'))
        })
      }),
  )
  server.registerTool('cancelled', {}, () => text(String(cancelled)))
  server.registerTool('announce', {}, () => {
    for (const listener of listeners) listener()
    return text('Announced')
  })
  server.registerTool('confirm', { inputSchema: strings('what') }, ({ what }, { mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, 'sure')
    if (answer !== undefined) return text(`Done: ${what}`)
    const requestedSchema = { type: 'object' as const, properties: { sure: { type: 'boolean' as const } } }
    return inputRequired({
      inputRequests: { sure: inputRequired.elicit({ message: `Sure about ${what}?`, requestedSchema }) },
      requestState: what,
    })
  })
  server.registerTool(
    'route',
    {
      inputSchema: fromJsonSchema<{ readonly region: string }>({
        type: 'object',
        properties: { region },
        required: ['region'],
      }),
    },
    ({ region }) => text(`Routed to ${region}`),
  )
  server.registerResource('note', 'demo://note', {}, uri => ({
    contents: [{ uri: uri.href, text: 'A note.' }],
  }))
  server.registerPrompt('greet', {}, () => ({
    messages: [{ role: 'user', content: { type: 'text', text: 'Hello.' } }],
  }))
  return server
}

const legacy = older === 'reject' ? 'reject' : undefined

if (transport === 'stdio') {
  serveStdio(
    () => {
      const server = openServer()
      listeners.add(() => server.sendToolListChanged())
      return server
    },
    { ...(legacy !== undefined && { legacy }) },
  )
} else {
  const handler = createMcpHandler(openServer, { ...(legacy !== undefined && { legacy }) })
  listeners.add(() => handler.notify.toolsChanged())
  createServer(toNodeHandler(handler) as RequestListener).listen(Number(transport), '127.0.0.1')
}
