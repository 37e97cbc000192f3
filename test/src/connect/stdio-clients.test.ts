import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type LoopbackCordon, openLoopbackCordon } from '@cordon/agent-client/fixtures/loopback-cordon'
import { Client as ModernClient } from '@modelcontextprotocol/client'
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'

import { eventually } from '../support/eventually.ts'
import { makeProfile } from './connect-process.ts'
import { modernServers, olderServers } from './demo-servers.ts'

// The official clients of both generations start `cordon connect demo` as the command of a server, as their users' do.

const provenTools = (cordon: LoopbackCordon) =>
  cordon.proxyRequests
    .filter(({ verdict, proof }) => verdict.ok && Object.hasOwn(proof['mcp'] ?? {}, 'tool'))
    .map(({ proof }) => [proof['seq'], (proof['mcp'] as { readonly tool: string }).tool])

const onlyNoncesRefused = (cordon: LoopbackCordon): void => {
  const refused = cordon.proxyRequests.flatMap(({ verdict }) => (verdict.ok ? [] : [verdict.reason]))
  assert.deepEqual([...new Set(refused)], ['NONCE_REFUSED'])
}

test('generation 1 on stdio: tools, sampling, elicitation, resources, prompts, progress, streams and the end', async t => {
  const cordon = await openLoopbackCordon()
  t.after(() => cordon.close())
  const servers = olderServers()
  cordon.forward = servers.forward
  const profile = await makeProfile(t, { url: cordon.url, idToken: 'id-token' })
  const client = new Client(
    { name: 'agent', version: '1.0.0' },
    { capabilities: { sampling: {}, elicitation: {} } },
  )
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    role: 'assistant',
    model: 'test-model',
    content: { type: 'text', text: 'sampled' },
  }))
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' }))
  let announced = 0
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
    announced += 1
  })
  const transport = new StdioClientTransport({ command: process.execPath, args: profile.connectArgs('demo') })
  await client.connect(transport)
  t.after(() => client.close())

  assert.equal((await client.listTools()).tools.length, 5)
  const echoed = await client.callTool({ name: 'echo', arguments: { text: 'line\nline \u2028 end' } })
  assert.deepEqual(echoed.content, [{ type: 'text', text: 'line\nline \u2028 end' }])
  assert.match(JSON.stringify((await client.callTool({ name: 'think' })).content), /sampled/)
  assert.match(JSON.stringify((await client.callTool({ name: 'ask' })).content), /decline/)
  const progress: number[] = []
  await client.callTool({ name: 'count' }, undefined, {
    onprogress: ({ progress: step }) => void progress.push(step),
  })
  assert.deepEqual(
    progress,
    Array.from({ length: 20 }, (_, index) => index + 1),
  )
  assert.match(JSON.stringify((await client.callTool({ name: 'break-off' })).content), /resumed/)
  assert.equal((await client.readResource({ uri: 'demo://note' })).contents.length, 1)
  assert.equal((await client.getPrompt({ name: 'greet' })).messages.length, 1)
  await eventually('a stream for what the server says by itself', () =>
    cordon.proxyRequests.some(({ method, verdict }) => method === 'GET' && verdict.ok),
  )
  servers.announce()
  await eventually('what the server said by itself', () => announced === 1)

  await client.close()
  await eventually('the MCP session ended', () => servers.open() === 0)
  await eventually('the session ended', () => cordon.identityRequests.some(({ path }) => path === '/revoke'))
  assert.deepEqual(provenTools(cordon), [
    [0, 'echo'],
    [1, 'think'],
    [2, 'ask'],
    [3, 'count'],
    [4, 'break-off'],
    [5, 'resources:read'],
    [6, 'prompts:get'],
  ])
  onlyNoncesRefused(cordon)
})

test('generation 1 on stdio: goes on where the server forgot its session', async t => {
  const cordon = await openLoopbackCordon()
  t.after(() => cordon.close())
  const servers = olderServers()
  cordon.forward = servers.forward
  const profile = await makeProfile(t, { url: cordon.url, idToken: 'id-token' })
  const client = new Client({ name: 'agent', version: '1.0.0' })
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: profile.connectArgs('demo') }),
  )
  t.after(() => client.close())
  servers.forgetSessions()
  const { content } = await client.callTool({ name: 'echo', arguments: { text: 'still here' } })
  assert.deepEqual(content, [{ type: 'text', text: 'still here' }])
  const openings = cordon.proxyRequests.filter(
    ({ body, verdict }) => verdict.ok && body.includes('"initialize"'),
  )
  assert.equal(openings.length, 2)
})

test('generation 1 on stdio: a reopening that is refused is tried again with the next call', async t => {
  const cordon = await openLoopbackCordon()
  t.after(() => cordon.close())
  const servers = olderServers()
  cordon.forward = servers.forward
  const profile = await makeProfile(t, { url: cordon.url, idToken: 'id-token' })
  const client = new Client({ name: 'agent', version: '1.0.0' })
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: profile.connectArgs('demo') }),
  )
  t.after(() => client.close())
  const call = { name: 'echo', arguments: { text: 'still here' } }
  await client.callTool(call)
  servers.forgetSessions()
  let refused = 0
  cordon.forward = (request, response, body) => {
    // Neither is the stream of the server taken up again, which would reopen by itself.
    if (request.method === 'GET') return response.writeHead(503).end()
    if (refused > 0 || !body.includes('"initialize"')) return servers.forward(request, response, body)
    refused += 1
    return response.end('{"jsonrpc":"2.0","id":"cordon-connect","error":{"code":-32010,"message":"No."}}')
  }
  await assert.rejects(client.callTool(call), /expected a session of MCP that goes on/)
  assert.deepEqual((await client.callTool(call)).content, [{ type: 'text', text: 'still here' }])
})

test('generation 2 on stdio, 2026-07-28: tools, resources, prompts; a call that is given up is given up at the server', async t => {
  const cordon = await openLoopbackCordon()
  t.after(() => cordon.close())
  const servers = modernServers()
  cordon.forward = servers.forward
  const profile = await makeProfile(t, { url: cordon.url, idToken: 'id-token' })
  const client = new ModernClient(
    { name: 'agent', version: '2.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  await client.connect(new ModernStdio({ command: process.execPath, args: profile.connectArgs('demo') }))
  t.after(() => client.close())
  assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28')
  assert.equal((await client.listTools()).tools.length, 2)
  const { content } = await client.callTool({ name: 'echo', arguments: { text: 'grüße' } })
  assert.deepEqual(content, [{ type: 'text', text: 'grüße' }])
  assert.equal((await client.readResource({ uri: 'demo://note' })).contents.length, 1)
  assert.equal((await client.getPrompt({ name: 'greet' })).messages.length, 1)
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
  await eventually('the call at the server', () => provenTools(cordon).length === 4)
  giveUp.abort()
  await assert.rejects(hanging)
  await eventually('the call given up at the server', () => servers.cancelled() === 1)
  onlyNoncesRefused(cordon)
})
