import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'

import {
  conformancePrompts,
  conformanceResources,
  conformanceTemplate,
  readConformanceResource,
  sayConformancePrompt,
} from './conformance-resources.ts'
import { conformanceTools, runConformanceTool } from './conformance-tools.ts'

/**
 * A server on the official SDK that has everything the scenarios of `@modelcontextprotocol/conformance` call: no server on
 * npm has. Its schemas have to arrive keyword by keyword, hence handlers of requests rather than registered tools.
 */
export const createConformanceServer = (): McpServer => {
  const mcp = new McpServer(
    { name: 'conformance', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        prompts: { listChanged: true },
        completions: {},
        logging: {},
      },
    },
  )
  const { server } = mcp
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...conformanceTools] }))
  server.setRequestHandler(
    CallToolRequestSchema,
    async ({ params }, call): Promise<CallToolResult> =>
      (await runConformanceTool(params.name, call, params.arguments ?? {})) ?? unknown('tool'),
  )
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [...conformanceResources] }))
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: [conformanceTemplate],
  }))
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) => ({
    contents: [readConformanceResource(params.uri) ?? unknown('resource')],
  }))
  server.setRequestHandler(SubscribeRequestSchema, () => ({}))
  server.setRequestHandler(UnsubscribeRequestSchema, () => ({}))
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: [...conformancePrompts] }))
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => ({
    messages: sayConformancePrompt(params.name, params.arguments ?? {}) ?? unknown('prompt'),
  }))
  server.setRequestHandler(CompleteRequestSchema, () => ({
    completion: { values: ['paris', 'park', 'party'], total: 3, hasMore: false },
  }))
  return mcp
}

const unknown = (what: string): never => {
  throw new McpError(ErrorCode.InvalidParams, `expected a known ${what}, got another one`)
}
