import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import type { TestContext } from 'node:test'

import type { Cleanup } from '../support/cleanup.ts'
import { everythingEntry } from './proxy-world.ts'

/** The official client as a test uses it. */
export interface Agent {
  readonly client: Client
  /** Notifications of the server, as they came. */
  readonly notices: readonly string[]
  readonly http: StreamableHTTPClientTransport | undefined
}

/** A client that can do what a server may ask of it. */
const connect = async (test: Cleanup, transport: Transport): Promise<Agent> => {
  const client = new Client(
    { name: 'test-agent', version: '1.0.0' },
    { capabilities: { sampling: {}, elicitation: {}, roots: { listChanged: true } } },
  )
  const notices: string[] = []
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ method }) => void notices.push(method))
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///work', name: 'work' }] }))
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    role: 'assistant',
    model: 'test-model',
    content: { type: 'text', text: 'a sampled answer' },
  }))
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' }))
  await client.connect(transport)
  test.after(() => client.close())
  const http = transport instanceof StreamableHTTPClientTransport ? transport : undefined
  return { client, notices, http }
}

/**
 * @param token whose session it is, for an engine that looks at no proof; or a `fetch` that proves what it asks. None for a server
 * without Cordon in front
 */
export const connectOverHttp = (test: Cleanup, url: URL, token?: string | typeof fetch): Promise<Agent> => {
  if (typeof token === 'function')
    return connect(test, new StreamableHTTPClientTransport(url, { fetch: token }))
  const requestInit =
    token === undefined ? {} : { headers: { authorization: `DPoP ${token}`, dpop: 'proof' } }
  return connect(test, new StreamableHTTPClientTransport(url, { requestInit }))
}

export const connectDirectly = (test: TestContext): Promise<Agent> =>
  connect(
    test,
    new StdioClientTransport({
      command: process.execPath,
      args: [everythingEntry, 'stdio'],
      stderr: 'ignore',
    }),
  )
