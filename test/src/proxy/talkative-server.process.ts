// A server on the official SDK that asks and says much of its own accord; each tool does what its name says.
import { setTimeout as passes } from 'node:timers/promises'

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type {
  CallToolResult,
  CreateMessageRequest,
  ServerNotification,
  ServerRequest,
} from '@modelcontextprotocol/sdk/types.js'
import {
  CreateMessageResultSchema,
  ElicitResultSchema,
  EmptyResultSchema,
  ListRootsResultSchema,
  McpError,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'

import { serveMcp } from '../support/serve-mcp.ts'

type Call = RequestHandlerExtra<ServerRequest, ServerNotification>

const sampling: CreateMessageRequest = {
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text: 'And?' } }], maxTokens: 10 },
}
const elicitation = {
  method: 'elicitation/create',
  params: { message: 'Sure?', requestedSchema: { type: 'object', properties: {} } },
} as const

const codeOf = (error: unknown): string => (error instanceof McpError ? String(error.code) : String(error))

const createTalkativeServer = (): McpServer => {
  const listChanged = true
  const mcp = new McpServer(
    { name: 'talkative', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged },
        prompts: { listChanged },
        resources: { listChanged, subscribe: true },
        logging: {},
      },
    },
  )
  const { server } = mcp
  const subscriptions = new Set<string>()
  const seen = { cancelled: 0, errors: 0 }
  let goOn = (): void => undefined
  Object.assign(server, { onerror: () => void (seen.errors += 1) })
  server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    subscriptions.add(params.uri)
    return {}
  })
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    subscriptions.delete(params.uri)
    return {}
  })

  const tools: Readonly<Record<string, (call: Call) => Promise<string>>> = {
    async 'ask-everything'(call) {
      await call.sendRequest({ method: 'ping' }, EmptyResultSchema)
      const { roots } = await call.sendRequest({ method: 'roots/list' }, ListRootsResultSchema)
      const { model } = await call.sendRequest(sampling, CreateMessageResultSchema)
      const { action } = await call.sendRequest(elicitation, ElicitResultSchema)
      return [roots[0]?.uri, model, action].join(' ')
    },
    async 'ask-200-times'(call) {
      const asked = Array.from({ length: 200 }, () => call.sendRequest(sampling, CreateMessageResultSchema))
      const settled = await Promise.allSettled(asked)
      const codes = settled.flatMap(each => (each.status === 'rejected' ? [codeOf(each.reason)] : []))
      return `${200 - codes.length} answered, ${codes.length} refused with ${[...new Set(codes)].join()}`
    },
    async 'ask-the-unknown'(call) {
      const unknown = { method: 'tools/call', params: { name: 'shell', arguments: {} } } as unknown
      const asked = call.sendRequest(unknown as ServerRequest, EmptyResultSchema)
      return asked.then(() => 'answered', codeOf)
    },
    async 'ask-impatiently'(call) {
      const asked = call.sendRequest(elicitation, ElicitResultSchema, { timeout: 200 })
      return asked.then(() => 'answered', codeOf)
    },
    async 'say-all-changed'() {
      server.sendToolListChanged().catch(() => undefined)
      await server.sendPromptListChanged()
      await server.sendResourceListChanged()
      for (const uri of subscriptions) await server.sendResourceUpdated({ uri })
      return 'said'
    },
    async 'say-5000-things'(call) {
      for (let data = 0; data < 5_000; data += 1) {
        await call.sendNotification({ method: 'notifications/message', params: { level: 'info', data } })
      }
      return 'said'
    },
    async 'take-100-steps'(call) {
      const progressToken = call._meta?.progressToken ?? ''
      for (let progress = 1; progress <= 100; progress += 1) {
        await call.sendNotification({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 100 },
        })
        await passes(20)
      }
      return 'arrived'
    },
    async 'take-steps-when-told'(call) {
      const progressToken = call._meta?.progressToken ?? ''
      for (let progress = 1; progress <= 20; progress += 1) {
        const told = new Promise<void>(resolve => {
          goOn = resolve
        })
        await call.sendNotification({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 20 },
        })
        await told
      }
      return 'arrived'
    },
    'go-on'() {
      goOn()
      return Promise.resolve('told')
    },
    async 'wait-for-ever'(call) {
      await new Promise(resolve => {
        call.signal.addEventListener('abort', resolve)
      })
      seen.cancelled += 1
      return 'too late'
    },
    async 'finish-soon'() {
      await passes(300)
      return 'finished'
    },
    seen: () => Promise.resolve(JSON.stringify(seen)),
  }
  for (const [name, run] of Object.entries(tools)) {
    mcp.registerTool(name, {}, async (call): Promise<CallToolResult> => {
      const text = await run(call)
      return { content: [{ type: 'text', text }] }
    })
  }
  return mcp
}

await serveMcp(createTalkativeServer)
