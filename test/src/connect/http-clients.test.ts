import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { test, type TestContext } from 'node:test'

import { openLoopbackCordon } from '@cordon/agent-client/fixtures/loopback-cordon'
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'

import { eventually } from '../support/eventually.ts'
import { makeProfile, startHttpFront } from './connect-process.ts'
import { modernServers, olderServers } from './demo-servers.ts'

// Clients that bring no credentials reach `cordon connect --listen`.

const openWorld = async (t: TestContext) => {
  const cordon = await openLoopbackCordon()
  const profile = await makeProfile(t, { url: cordon.url, idToken: 'id-token' })
  const front = await startHttpFront(t, profile)
  t.after(() => cordon.close())
  return { cordon, front, url: new URL(`${front.url}/mcp/demo`) }
}

test('generation 1 on HTTP: tools, sampling, elicitation, resumption, what the server says by itself, and the end', async t => {
  const { cordon, url } = await openWorld(t)
  const servers = olderServers()
  cordon.forward = servers.forward
  const client = new Client(
    { name: 'agent', version: '1.0.0' },
    { capabilities: { sampling: {}, elicitation: {} } },
  )
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    role: 'assistant',
    model: 'test-model',
    content: { type: 'text', text: 'sampled' },
  }))
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { sure: true } }))
  let announced = 0
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
    announced += 1
  })
  const transport = new StreamableHTTPClientTransport(url)
  await client.connect(transport)
  assert.match(JSON.stringify((await client.callTool({ name: 'think' })).content), /sampled/)
  assert.match(JSON.stringify((await client.callTool({ name: 'ask' })).content), /accept/)
  assert.match(JSON.stringify((await client.callTool({ name: 'break-off' })).content), /resumed/)
  assert.equal((await client.readResource({ uri: 'demo://note' })).contents.length, 1)
  assert.equal((await client.getPrompt({ name: 'greet' })).messages.length, 1)
  servers.announce()
  await eventually('what the server said by itself', () => announced === 1)
  await transport.terminateSession()
  assert.equal(servers.open(), 0)
  await client.close()
})

test('generation 1 on HTTP: a server that forgot the session is introduced to the client anew, who goes on', async t => {
  const { cordon, url } = await openWorld(t)
  const servers = olderServers()
  cordon.forward = servers.forward
  const client = new Client({ name: 'agent', version: '1.0.0' })
  const transport = new StreamableHTTPClientTransport(url)
  await client.connect(transport)
  const { sessionId } = transport
  servers.forgetSessions()
  const call = () => client.callTool({ name: 'echo', arguments: { text: 'on' } })
  for (const { content } of await Promise.all([call(), call()]))
    assert.deepEqual(content, [{ type: 'text', text: 'on' }])
  assert.deepEqual([transport.sessionId, servers.open()], [sessionId, 1])
  await transport.terminateSession()
  assert.equal(servers.open(), 0)
  await client.close()
})

test('generation 2 on HTTP, 2026-07-28: tools, resources, prompts; a call that is given up is given up at the server', async t => {
  const { cordon, url } = await openWorld(t)
  const servers = modernServers()
  cordon.forward = servers.forward
  const client = new ModernClient(
    { name: 'agent', version: '2.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  await client.connect(new ModernTransport(url))
  assert.equal((await client.listTools()).tools.length, 2)
  const { content } = await client.callTool({ name: 'echo', arguments: { text: 'grüße' } })
  assert.deepEqual(content, [{ type: 'text', text: 'grüße' }])
  assert.equal((await client.readResource({ uri: 'demo://note' })).contents.length, 1)
  let changed = 0
  client.setNotificationHandler('notifications/tools/list_changed', () => {
    changed += 1
  })
  const subscription = await client.listen({ toolsListChanged: true })
  servers.announce()
  await eventually('what the client listens to', () => changed === 1)
  await subscription.close()
  const giveUp = new AbortController()
  const hanging = client.callTool({ name: 'hang', arguments: {} }, { signal: giveUp.signal })
  await eventually('the call at the server', () =>
    cordon.proxyRequests.some(({ verdict, body }) => verdict.ok && body.includes('"hang"')),
  )
  giveUp.abort()
  await assert.rejects(hanging)
  await eventually('the call given up at the server', () => servers.cancelled() === 1)
  await client.close()
})

/**
 * @fault the proxy is away when an agent asks something through `cordon connect`
 * @behaviour tried again for some 6 s; then a JSON-RPC error that says that nothing was sent
 * @counter none: `cordon connect` runs on the agent's machine, where nothing counts
 */
test('a proxy that is away: the request is answered with an error that says so', async t => {
  const { cordon, url } = await openWorld(t)
  const ask = (id: number) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'echo' } }),
    })
  assert.deepEqual(await (await ask(1)).json(), { jsonrpc: '2.0', id: 1, result: {} })
  await cordon.close()
  const response = await ask(2)
  assert.equal(response.status, 200)
  const { id, error } = (await response.json()) as {
    readonly id: number
    readonly error: { readonly message: string; readonly data: unknown }
  }
  assert.equal(id, 2)
  assert.match(error.message, /nothing was sent, the request can be made again/)
  assert.deepEqual(error.data, { 'cordon/connect': { code: 'PROXY_UNAVAILABLE', retryable: true } })
})

/**
 * @fault the proxy breaks off in the middle of a call that came through `cordon connect`
 * @behaviour a JSON-RPC error that says that the call may have been carried out; it is not sent again
 * @counter none: `cordon connect` runs on the agent's machine, where nothing counts
 */
test('a proxy that breaks off: the call is answered with an error, and not sent again', async t => {
  const { cordon, url } = await openWorld(t)
  cordon.forward = request => void request.socket.destroy()
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 'a', method: 'tools/call', params: { name: 'echo' } }),
  })
  const { id, error } = (await response.json()) as {
    readonly id: string
    readonly error: { readonly data: unknown }
  }
  assert.equal(id, 'a')
  assert.deepEqual(error.data, { 'cordon/connect': { code: 'ANSWER_LOST', retryable: false } })
  assert.equal(cordon.proxyRequests.filter(({ verdict }) => verdict.ok).length, 1)
})

const attacks: readonly (readonly [
  what: string,
  path: string,
  headers: Record<string, string>,
  status: number,
])[] = [
  ['a name that was pointed at this machine (DNS rebinding)', '/mcp/demo', { host: 'evil.example' }, 403],
  ['a page from elsewhere', '/mcp/demo', { origin: 'https://evil.example' }, 403],
  ['a page without an origin', '/mcp/demo', { origin: 'null' }, 403],
  ['a path out of the tool servers', '/mcp/../token', {}, 404],
  ['a server whose name is a path', '/mcp/demo%2f..%2fother', {}, 404],
]

for (const [what, path, headers, status] of attacks)
  test(`turns away ${what}, and sends nothing on`, async t => {
    const { cordon, front } = await openWorld(t)
    const answered = await new Promise<number | undefined>((resolve, reject) => {
      const options = { method: 'POST', path, headers: { 'content-type': 'application/json', ...headers } }
      httpRequest(front.url, options, response => {
        response.resume()
        resolve(response.statusCode)
      })
        .once('error', reject)
        .end('{"jsonrpc":"2.0","id":1,"method":"tools/list"}')
    })
    assert.equal(answered, status)
    assert.deepEqual(cordon.proxyRequests, [])
  })
