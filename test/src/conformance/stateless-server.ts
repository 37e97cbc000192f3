import type {
  JsonSchemaType,
  McpServerOptions,
  PromptMessage,
  ServerCapabilities,
} from '@modelcontextprotocol/server'
import {
  fromJsonSchema,
  inputRequired,
  inputResponse,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server'

import {
  conformancePrompts,
  conformanceResources,
  conformanceTemplate,
  readConformanceResource,
  sayConformancePrompt,
} from './conformance-resources.ts'
import { elicit, requestStates } from './question-tools.ts'
import type { StatelessCall } from './stateless-tools.ts'
import { runStatelessTool, statelessTools } from './stateless-tools.ts'

const capabilities: ServerCapabilities = {
  tools: { listChanged: true },
  resources: {},
  prompts: { listChanged: true },
  completions: {},
  logging: {},
}

const askingPrompt = 'test_input_required_result_prompt'

/** The same server on the official package of generation 2, which speaks MCP 2026-07-28. */
export const createStatelessServer = (notify: Omit<StatelessCall, 'request'>): McpServer => {
  const options: McpServerOptions = {
    capabilities,
    requestState: { verify: (state, context) => requestStates.verify(state, context) },
  }
  const mcp = new McpServer({ name: 'conformance', version: '2.0.0' }, options)
  const { server } = mcp
  // The package compares headers with arguments for tools that it was told of.
  for (const { name, inputSchema } of statelessTools)
    mcp.registerTool(name, { inputSchema: fromJsonSchema(inputSchema as JsonSchemaType) }, () =>
      unknown('handler'),
    )
  server.setRequestHandler('tools/list', () => ({ tools: [...statelessTools] }))
  server.setRequestHandler(
    'tools/call',
    async ({ params }, { mcpReq }) =>
      (await runStatelessTool(params.name, { ...notify, request: mcpReq })) ?? unknown('tool'),
  )
  server.setRequestHandler('resources/list', () => ({ resources: [...conformanceResources] }))
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [conformanceTemplate] }))
  server.setRequestHandler('resources/read', ({ params: { uri } }) => ({
    contents: [readConformanceResource(uri) ?? unknown('resource', { uri })],
  }))
  server.setRequestHandler('prompts/list', () => ({
    prompts: [...conformancePrompts, { name: askingPrompt, description: 'As its scenario has it.' }],
  }))
  server.setRequestHandler('prompts/get', ({ params }, { mcpReq }) => {
    if (params.name !== askingPrompt)
      return { messages: sayConformancePrompt(params.name, params.arguments ?? {}) ?? unknown('prompt') }
    if (inputResponse(mcpReq.inputResponses, 'user_context').kind === 'missing')
      return inputRequired({
        inputRequests: { user_context: elicit('What context should the prompt use?', 'context') },
      })
    const message: PromptMessage = { role: 'user', content: { type: 'text', text: 'In that context.' } }
    return { messages: [message] }
  })
  server.setRequestHandler('completion/complete', () => ({
    completion: { values: ['paris', 'park', 'party'], total: 3, hasMore: false },
  }))
  return mcp
}

const unknown = (what: string, data?: object): never => {
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `expected a known ${what}, got another one`, data)
}
