// A server on the official SDK that changes what it says of its tools once `release` is called, and says that it did.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'

import { serveMcp } from '../support/serve-mcp.ts'
import { approvedTools, changedTools } from './drifting-tools.ts'

const createDriftingServer = (): McpServer => {
  const mcp = new McpServer(
    { name: 'drifting', version: '1.0.0' },
    { capabilities: { tools: { listChanged: true } } },
  )
  const { server } = mcp
  let tools = approvedTools
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...tools] }))
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    if (params.name === 'release') {
      tools = changedTools
      await server.sendToolListChanged()
    }
    return { content: [{ type: 'text', text: 'done' }] }
  })
  return mcp
}

await serveMcp(createDriftingServer)
