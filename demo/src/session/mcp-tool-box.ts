import { type AgentSession, sessionFetch } from '@cordon/agent-client'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js'

import type { ToolAnswer, ToolBox } from '../agents/agent-script.ts'
import type { StdioServer } from '../tool-servers.ts'

/** Tools over real connections of the official MCP client, to be closed in the end. */
export interface McpToolBox extends ToolBox {
  close(): Promise<void>
}

/** The servers behind the proxy, for one session. */
export const openGuardedTools = (session: AgentSession, servers: readonly string[]): Promise<McpToolBox> =>
  openToolBox(
    Object.fromEntries(servers.map(server => [server, new URL(`/mcp/${server}`, session.proxyUrl)])),
    (server, url) => new StreamableHTTPClientTransport(url, { fetch: sessionFetch(session, server) }),
  )

/** The servers themselves, with nothing in between. */
export const openBareTools = (servers: Readonly<Record<string, StdioServer>>): Promise<McpToolBox> =>
  openToolBox(
    servers,
    (_server, { command, args, cwd, env }) =>
      new StdioClientTransport({
        command,
        args: [...args],
        cwd,
        stderr: 'ignore',
        ...(env === undefined ? {} : { env: { ...env } }),
      }),
  )

const openToolBox = async <Address>(
  addresses: Readonly<Record<string, Address>>,
  transportOf: (server: string, address: Address) => unknown,
): Promise<McpToolBox> => {
  const clients = new Map<string, Client>()
  for (const [server, address] of Object.entries(addresses)) {
    const client = new Client({ name: 'cordon-demo-agent', version: '1.0.0' })
    // The SDK's transports declare optional members that may be undefined, its interface does not.
    await client.connect(transportOf(server, address) as Transport)
    clients.set(server, client)
  }
  return {
    call: async (server, tool, args) => {
      const client = clients.get(server)
      if (client === undefined)
        throw new TypeError(`server: expected one of ${[...clients.keys()].join(', ')}, got ${server}`)
      return answerOf(await client.callTool({ name: tool, arguments: args }))
    },
    close: async () => {
      await Promise.all([...clients.values()].map(client => client.close()))
    },
  }
}

const answerOf = (result: unknown): ToolAnswer => {
  const { content, isError, _meta } = CallToolResultSchema.parse(result)
  const text = content.map(part => (part.type === 'text' ? part.text : '')).join('\n')
  const refused = isError === true && _meta !== undefined && 'cordon/refusal' in _meta
  return refused ? { text: '', refusal: text } : { text }
}
