import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openLoopbackCordon } from '@cordon/agent-client/fixtures/loopback-cordon'
import { Client as ModernClient } from '@modelcontextprotocol/client'
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { CreateMessageRequestSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'

import { everythingOnStdio, openProxyWorld } from '../proxy/proxy-world.ts'
import { makeProfile } from './connect-process.ts'

// The shim before the real proxy and the reference server.

test('generation 1: the reference server through shim and proxy, with sampling, elicitation and a long call', async t => {
  const { proxy } = await openProxyWorld(t, everythingOnStdio)
  const identity = await openLoopbackCordon()
  const profile = await makeProfile(t, {
    url: identity.url,
    proxy: `http://127.0.0.1:${proxy.port}`,
    idToken: 'id-token',
  })
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
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: profile.connectArgs('everything'),
      stderr: 'ignore',
    }),
  )
  const { tools } = await client.listTools()
  assert.ok(tools.some(({ name }) => name === 'echo'))
  const textOf = async (name: string, args: Record<string, unknown> = {}): Promise<string> =>
    JSON.stringify((await client.callTool({ name, arguments: args })).content)
  assert.match(await textOf('echo', { message: 'hello' }), /hello/)
  assert.match(await textOf('trigger-sampling-request', { prompt: 'And?', maxTokens: 10 }), /sampled/)
  assert.match(await textOf('trigger-elicitation-request'), /declined/)
  let steps = 0
  await client.callTool(
    { name: 'trigger-long-running-operation', arguments: { duration: 1, steps: 4 } },
    undefined,
    { onprogress: () => (steps += 1) },
  )
  assert.ok(steps >= 3)
  const { resources } = await client.listResources()
  assert.ok((await client.readResource({ uri: resources[0]!.uri })).contents.length > 0)
  assert.ok((await client.getPrompt({ name: 'simple-prompt' })).messages.length > 0)
  await client.close()
  await identity.close()
})

test('generation 2, 2026-07-28: the reference server, which is older, through shim and proxy', async t => {
  const { proxy } = await openProxyWorld(t, everythingOnStdio)
  const identity = await openLoopbackCordon()
  const profile = await makeProfile(t, {
    url: identity.url,
    proxy: `http://127.0.0.1:${proxy.port}`,
    idToken: 'id-token',
  })
  const client = new ModernClient(
    { name: 'agent', version: '2.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  await client.connect(
    new ModernStdio({ command: process.execPath, args: profile.connectArgs('everything'), stderr: 'ignore' }),
  )
  const { content } = await client.callTool({ name: 'echo', arguments: { message: 'hello' } })
  assert.match(JSON.stringify(content), /hello/)
  assert.ok((await client.listResources()).resources.length > 0)
  await client.close()
  await identity.close()
})
