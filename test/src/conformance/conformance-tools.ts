import { setTimeout as passes } from 'node:timers/promises'

import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type {
  CallToolResult,
  ServerNotification,
  ServerRequest,
  Tool,
} from '@modelcontextprotocol/sdk/types.js'
import { CreateMessageResultSchema, ElicitResultSchema } from '@modelcontextprotocol/sdk/types.js'

import { png, text, wav } from './conformance-content.ts'
import { elicitationForms } from './elicitation-forms.ts'

type Call = RequestHandlerExtra<ServerRequest, ServerNotification>
type Arguments = Readonly<Record<string, unknown>>
type Run = (call: Call, args: Arguments) => CallToolResult | Promise<CallToolResult>

/** The scenarios want their notifications apart. */
const pauseMs = 50

const says = (words: string): CallToolResult => ({ content: [text(words)] })

const asksUser =
  (form: keyof typeof elicitationForms, message?: string): Run =>
  async (call, args) => {
    const { action, content } = await call.sendRequest(
      {
        method: 'elicitation/create',
        params: { message: message ?? String(args['message']), requestedSchema: elicitationForms[form] },
      },
      ElicitResultSchema,
    )
    return says(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`)
  }

const runs: Readonly<Record<string, Run>> = {
  test_simple_text: () => says('This is a simple text response for testing.'),
  test_image_content: () => ({ content: [{ type: 'image', data: png, mimeType: 'image/png' }] }),
  test_audio_content: () => ({ content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] }),
  test_embedded_resource: () => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  }),
  test_multiple_content_types: () => ({
    content: [
      text('Multiple content types test:'),
      { type: 'image', data: png, mimeType: 'image/png' },
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: '{"test":"data","value":123}',
        },
      },
    ],
  }),
  async test_tool_with_logging(call) {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await call.sendNotification({ method: 'notifications/message', params: { level: 'info', data } })
      await passes(pauseMs)
    }
    return says('Logged three times.')
  },
  async test_tool_with_progress(call) {
    const progressToken = call._meta?.progressToken
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) {
        const params = { progressToken, progress, total: 100 }
        await call.sendNotification({ method: 'notifications/progress', params })
      }
      await passes(pauseMs)
    }
    return says('Done in three steps.')
  },
  test_error_handling: () => ({
    isError: true,
    content: [text('This tool intentionally returns an error for testing')],
  }),
  async test_sampling(call, { prompt }) {
    const { content } = await call.sendRequest(
      {
        method: 'sampling/createMessage',
        params: { messages: [{ role: 'user', content: text(String(prompt)) }], maxTokens: 100 },
      },
      CreateMessageResultSchema,
    )
    return says(`LLM response: ${content.type === 'text' ? content.text : content.type}`)
  },
  test_elicitation: asksUser('plain'),
  test_elicitation_sep1034_defaults: asksUser('sep1034_defaults', 'Who are you?'),
  test_elicitation_sep1330_enums: asksUser('sep1330_enums', 'What will it be?'),
  /** SEP-1699: hangs up in the middle, so that its client has to come back for the rest. */
  async test_reconnection(call) {
    await passes(pauseMs)
    call.closeSSEStream?.()
    await passes(pauseMs)
    return says('Said after the stream was closed.')
  },
  json_schema_2020_12_tool: () => says('Its schema is what matters.'),
}

const anyArguments: Tool['inputSchema'] = { type: 'object' }

const ownSchemas: Readonly<Record<string, Tool['inputSchema']>> = {
  test_sampling: { type: 'object', properties: { prompt: { type: 'string' } }, required: ['prompt'] },
  test_elicitation: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
  json_schema_2020_12_tool: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: {
      address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } },
    },
    properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
    additionalProperties: false,
  },
}

export const conformanceTools: readonly Tool[] = Object.keys(runs).map(name => ({
  name,
  description: 'As its scenario has it.',
  inputSchema: ownSchemas[name] ?? anyArguments,
}))

/** @returns `undefined` where there is no such tool */
export const runConformanceTool = (name: string, call: Call, args: Arguments): ReturnType<Run> | undefined =>
  runs[name]?.(call, args)
