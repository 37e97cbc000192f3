import { setTimeout as passes } from 'node:timers/promises'

import type { CallToolResult, InputRequiredResult, ServerContext, Tool } from '@modelcontextprotocol/server'
import { MissingRequiredClientCapabilityError } from '@modelcontextprotocol/server'

import { png, text, wav } from './conformance-content.ts'
import { questionTools } from './question-tools.ts'

type Result = CallToolResult | InputRequiredResult

/** What a tool may do beside answering. */
export interface StatelessCall {
  readonly request: ServerContext['mcpReq']
  readonly toolsChanged: () => void
  readonly promptsChanged: () => void
}

/** The scenarios want their notifications apart. */
const pauseMs = 50

const says = (words: string): CallToolResult => ({ content: [text(words)] })

const embedded = (uri: string, mimeType: string, content: string): CallToolResult['content'][number] => ({
  type: 'resource',
  resource: { uri, mimeType, text: content },
})

const image = { type: 'image' as const, data: png, mimeType: 'image/png' }

const runs: Readonly<Record<string, (call: StatelessCall) => Result | Promise<Result>>> = {
  ...questionTools,
  test_simple_text: () => says('This is a simple text response for testing.'),
  test_image_content: () => ({ content: [image] }),
  test_audio_content: () => ({ content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] }),
  test_embedded_resource: () => ({
    content: [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  }),
  test_multiple_content_types: () => ({
    content: [
      text('Multiple content types test:'),
      image,
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  }),
  test_error_handling: () => ({
    isError: true,
    content: [text('This tool intentionally returns an error for testing')],
  }),
  async test_tool_with_progress({ request }) {
    const { progressToken } = request._meta ?? {}
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined)
        await request.notify({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 100 },
        })
      await passes(pauseMs)
    }
    return says('Done in three steps.')
  },
  async test_logging_tool({ request }) {
    await request.log('info', 'Logged where the client asked for it.')
    return says('Logged.')
  },
  test_missing_capability: () => {
    throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } })
  },
  test_trigger_tool_change: ({ toolsChanged }) => {
    toolsChanged()
    return says('The tools changed.')
  },
  test_trigger_prompt_change: ({ promptsChanged }) => {
    promptsChanged()
    return says('The prompts changed.')
  },
  json_schema_2020_12_tool: () => says('Its schema is what matters.'),
  test_header_parameter: () => says('Its header is what matters.'),
}

const ownSchemas: Readonly<Record<string, Tool['inputSchema']>> = {
  test_header_parameter: {
    type: 'object',
    properties: { region: { type: 'string', 'x-mcp-header': 'Region' } },
    required: ['region'],
  },
  json_schema_2020_12_tool: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: {
      address: {
        $anchor: 'addressDef',
        type: 'object',
        properties: { street: { type: 'string' }, city: { type: 'string' } },
      },
    },
    properties: {
      name: { type: 'string' },
      address: { $ref: '#/$defs/address' },
      contactMethod: { type: 'string', enum: ['phone', 'email'] },
      phone: { type: 'string' },
      email: { type: 'string' },
    },
    allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
    if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
    // In a literal a member of this name would look like a promise's.
    ...(JSON.parse('{ "then": { "required": ["phone"] } }') as object),
    else: { required: ['email'] },
    additionalProperties: false,
  },
}

export const statelessTools: readonly Tool[] = Object.keys(runs).map(name => ({
  name,
  description: 'As its scenario has it.',
  inputSchema: ownSchemas[name] ?? { type: 'object' },
}))

/** @returns `undefined` where there is no such tool */
export const runStatelessTool = (name: string, call: StatelessCall): Result | Promise<Result> | undefined =>
  runs[name]?.(call)
