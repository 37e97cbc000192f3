import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import { connectModernAgent } from './modern-agent.ts'
import { modernOnStdio, modernOverHttp } from './modern-servers.ts'
import { everythingOnStdio, openProxyWorld } from './proxy-world.ts'
import type { ToolServers } from './proxy-world.ts'

const ways: Readonly<Record<string, (test: TestContext) => ToolServers | Promise<ToolServers>>> = {
  stdio: () => modernOnStdio('serve'),
  http: test => modernOverHttp(test, 'serve'),
}

/** What both generations of the client have in common. */
interface AnyClient {
  listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>
  callTool(call: {
    readonly name: string
    readonly arguments: Record<string, string>
  }): Promise<{ readonly content?: unknown; readonly isError?: unknown }>
  readResource(read: { readonly uri: string }): Promise<{ readonly contents: readonly unknown[] }>
  getPrompt(get: { readonly name: string }): Promise<{ readonly messages: readonly unknown[] }>
}

const clients: Readonly<Record<string, (test: TestContext, url: URL) => Promise<AnyClient>>> = {
  'generation 1': async (test, url) => (await connectOverHttp(test, url, 'alice')).client as AnyClient,
  'generation 2, in a session': async (test, url) =>
    (await connectModernAgent(test, url, 'alice', 'legacy')).client,
}

for (const [way, serversOf] of Object.entries(ways)) {
  for (const [generation, connect] of Object.entries(clients)) {
    test(`${way}: a client of ${generation}, and a server that speaks both eras`, async context => {
      const { engine, urlOf } = await openProxyWorld(context, await serversOf(context))
      const client = await connect(context, urlOf('modern'))
      const { tools } = await client.listTools()
      assert.ok(tools.some(({ name }) => name === 'echo'))
      const { content } = await client.callTool({ name: 'echo', arguments: { message: 'hello' } })
      assert.deepEqual(content, [{ type: 'text', text: 'Echo: hello' }])
      assert.equal((await client.readResource({ uri: 'demo://note' })).contents.length, 1)
      assert.equal((await client.getPrompt({ name: 'greet' })).messages.length, 1)
      assert.equal((await client.callTool({ name: 'fail', arguments: {} })).isError, true)
      engine.refusedCalls.set('echo', { reason: 'GATE_REFUSED', message: 'No.' })
      const refused = await client.callTool({ name: 'echo', arguments: { message: 'hello' } })
      assert.match(JSON.stringify(refused), /Cordon: No\. \(GATE_REFUSED\)/)
      await eventually('the outcomes came', () => engine.outcomes.length === 4)
      assert.deepEqual(
        engine.outcomes.map(({ outcome }) => outcome),
        ['ok', 'ok', 'ok', 'error'],
      )
    })
  }
}

test('a client of generation 2, in a session, and a server of generation 1', async context => {
  const { urlOf } = await openProxyWorld(context, everythingOnStdio)
  const { client } = await connectModernAgent(context, urlOf('everything'), 'alice', 'legacy')
  assert.equal(client.getNegotiatedProtocolVersion(), '2025-11-25')
  const { content } = await client.callTool({ name: 'echo', arguments: { message: 'hello' } })
  assert.deepEqual(content, [{ type: 'text', text: 'Echo: hello' }])
})
