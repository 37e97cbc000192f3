import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { test, type TestContext } from 'node:test'

import { openAgentSession, sessionFetch } from '@cordon/agent-client'
import { type LoopbackCordon, openLoopbackCordon } from '@cordon/agent-client/fixtures/loopback-cordon'
import { generateHolderKey } from '@cordon/tokens'
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { CreateMessageRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { createMcpHandler, McpServer as ModernServer } from '@modelcontextprotocol/server'

// The official clients of both generations with `sessionFetch`, against a proxy that verifies every proof as the engine does.

const openWorld = async (t: TestContext) => {
  const cordon = await openLoopbackCordon()
  const session = await openAgentSession({
    issuer: cordon.url,
    proxyUrl: cordon.url,
    holderKey: generateHolderKey(),
    subjectToken: () => Promise.resolve({ token: 't', type: 'urn:ietf:params:oauth:token-type:id_token' }),
    tools: ['demo/*'],
  })
  t.after(async () => {
    await session.end()
    await cordon.close()
  })
  return { cordon, url: new URL(`${cordon.url}/mcp/demo`), fetch: sessionFetch(session, 'demo') }
}

/** The package's type wants members that Node's requests have only sometimes. */
type ForwardingHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  parsedBody: unknown,
) => Promise<void>

/** What each proof that held says of the message of its request. */
const proven = (cordon: LoopbackCordon) =>
  cordon.proxyRequests
    .filter(({ verdict, method }) => verdict.ok && method === 'POST')
    .map(({ proof }) => ({
      sequence: proof['seq'],
      ...(proof['mcp'] as { readonly tool?: string; readonly method?: string }),
    }))

const provenTools = (cordon: LoopbackCordon) =>
  proven(cordon).flatMap(({ sequence, tool }) => (tool === undefined ? [] : [[sequence, tool]]))

const refusedOnceOnly = (cordon: LoopbackCordon): void => {
  const refused = cordon.proxyRequests.filter(({ verdict }) => !verdict.ok)
  // No more than asked for its nonce: requests side by side may each meet an engine that is new to them.
  assert.deepEqual(
    [...new Set(refused.map(({ verdict }) => !verdict.ok && verdict.reason))],
    ['NONCE_REFUSED'],
  )
}

const addToOlder = (server: McpServer): void => {
  server.registerTool('echo', {}, () => ({ content: [{ type: 'text', text: 'echoed' }] }))
  server.registerTool('think', {}, async () => {
    const { content } = await server.server.createMessage({
      messages: [{ role: 'user', content: { type: 'text', text: 'And?' } }],
      maxTokens: 10,
    })
    return { content: [{ type: 'text', text: JSON.stringify(content) }] }
  })
  server.registerResource('note', 'demo://note', {}, uri => ({
    contents: [{ uri: uri.href, text: 'A note.' }],
  }))
  server.registerPrompt('greet', {}, () => ({
    messages: [{ role: 'user', content: { type: 'text', text: 'Hello.' } }],
  }))
}

test('generation 1: tools, sampling, resources, prompts and the end of the session are all proven', async t => {
  const { cordon, url, fetch } = await openWorld(t)
  const server = new McpServer({ name: 'demo', version: '1.0.0' })
  addToOlder(server)
  const serverTransport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID })
  await server.connect(serverTransport)
  t.after(() => server.close())
  cordon.forward = (request, response, body) =>
    void serverTransport.handleRequest(request, response, body === '' ? undefined : JSON.parse(body))

  const client = new Client({ name: 'agent', version: '1.0.0' }, { capabilities: { sampling: {} } })
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    role: 'assistant',
    model: 'test-model',
    content: { type: 'text', text: 'sampled' },
  }))
  const transport = new StreamableHTTPClientTransport(url, { fetch })
  await client.connect(transport)
  t.after(() => client.close())
  assert.equal((await client.listTools()).tools.length, 2)
  const echoed = await client.callTool({ name: 'echo' })
  assert.deepEqual(echoed.content, [{ type: 'text', text: 'echoed' }])
  const thought = await client.callTool({ name: 'think', arguments: {} })
  assert.match(JSON.stringify(thought.content), /sampled/)
  assert.equal((await client.readResource({ uri: 'demo://note' })).contents.length, 1)
  assert.equal((await client.getPrompt({ name: 'greet' })).messages.length, 1)
  await transport.terminateSession()

  assert.deepEqual(provenTools(cordon), [
    [0, 'echo'],
    [1, 'think'],
    [2, 'resources:read'],
    [3, 'prompts:get'],
  ])
  assert.deepEqual(
    proven(cordon).flatMap(({ method }) => method ?? []),
    ['initialize', 'notifications/initialized', 'tools/list', 'answer'],
  )
  const methods = new Set(cordon.proxyRequests.map(({ method }) => method))
  assert.deepEqual([...methods].sort(), ['DELETE', 'GET', 'POST'])
  refusedOnceOnly(cordon)
})

for (const [era, mode] of [
  ['2026-07-28', { pin: '2026-07-28' }],
  ['2025-11-25', 'legacy'],
] as const)
  test(`generation 2, ${era}: tools, resources and prompts are all proven`, async t => {
    const { cordon, url, fetch } = await openWorld(t)
    const handler = toNodeHandler(
      createMcpHandler(() => {
        const server = new ModernServer({ name: 'demo', version: '2.0.0' })
        server.registerTool('echo', {}, () => ({ content: [{ type: 'text', text: 'echoed' }] }))
        server.registerResource('note', 'demo://note', {}, uri => ({
          contents: [{ uri: uri.href, text: 'A note.' }],
        }))
        server.registerPrompt('greet', {}, () => ({
          messages: [{ role: 'user', content: { type: 'text', text: 'Hello.' } }],
        }))
        return server
      }),
    ) as ForwardingHandler
    cordon.forward = (request, response, body) =>
      void handler(request, response, body === '' ? undefined : JSON.parse(body))

    const client = new ModernClient({ name: 'agent', version: '2.0.0' }, { versionNegotiation: { mode } })
    await client.connect(new ModernTransport(url, { fetch }))
    t.after(() => client.close())
    assert.equal(client.getNegotiatedProtocolVersion(), era)
    assert.equal((await client.listTools()).tools.length, 1)
    const { content } = await client.callTool({ name: 'echo', arguments: {} })
    assert.deepEqual(content, [{ type: 'text', text: 'echoed' }])
    assert.equal((await client.readResource({ uri: 'demo://note' })).contents.length, 1)
    assert.equal((await client.getPrompt({ name: 'greet' })).messages.length, 1)
    assert.deepEqual(provenTools(cordon), [
      [0, 'echo'],
      [1, 'resources:read'],
      [2, 'prompts:get'],
    ])
    refusedOnceOnly(cordon)
  })
