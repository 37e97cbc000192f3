import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js'

import type { ToolAnswer, ToolBox } from '../agents/agent-script.ts'

/** A session's tools over real connections, to be closed with it. */
export interface McpToolBox extends ToolBox {
  close(): Promise<void>
}

/**
 * Connects the official MCP client to the servers behind the proxy.
 * @param proxyUrl `http://host:port`
 * @param tokens session token per server
 */
export const openToolBox = async (
  proxyUrl: string,
  tokens: Readonly<Record<string, string>>,
): Promise<McpToolBox> => {
  const clients = new Map<string, Client>()
  for (const [server, token] of Object.entries(tokens)) {
    const client = new Client({ name: 'cordon-demo-agent', version: '1.0.0' })
    const requestInit = { headers: { authorization: `Bearer ${token}` } }
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`/mcp/${server}`, proxyUrl), { requestInit }),
    )
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
