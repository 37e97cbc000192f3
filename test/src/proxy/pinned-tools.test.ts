import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import { connectModernAgent } from './modern-agent.ts'
import { modernOnStdio, modernOverHttp } from './modern-servers.ts'
import { everythingOnStdio, openProxyWorld, startEverythingOverHttp } from './proxy-world.ts'
import type { ToolServers } from './proxy-world.ts'
import { sendJson, startScriptedServer } from './scripted-http-server.ts'

// Lists pass on many ways, by era and transport of agent and server; a tool that is not the pinned one passes on none.

const echo = { name: 'echo', description: 'Says it again.', inputSchema: { type: 'object' } }
const other = { ...echo, name: 'other' }

const jsonServer = async (context: TestContext): Promise<ToolServers> => {
  const { url } = await startScriptedServer(context, ({ message }, response) => {
    if (message?.id === undefined) return response.writeHead(message === undefined ? 405 : 202).end()
    const result = message.method === 'tools/list' ? { tools: [echo, other] } : { content: [] }
    return sendJson(response, { jsonrpc: '2.0', id: message.id, result })
  })
  return { scripted: { transport: 'http', url, headers: {} } }
}

const servers: Readonly<Record<string, (context: TestContext) => ToolServers | Promise<ToolServers>>> = {
  'stdio, with sessions': () => everythingOnStdio,
  'http streams, with sessions': async context => ({
    everything: { transport: 'http', url: await startEverythingOverHttp(context), headers: {} },
  }),
  'http JSON, with sessions': jsonServer,
  'stdio, without sessions': () => modernOnStdio('reject'),
  'http, without sessions': context => modernOverHttp(context, 'reject'),
}

/** What both generations of the client have in common. */
interface AnyClient {
  listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>
  callTool(call: { readonly name: string; readonly arguments: object }): Promise<unknown>
}

const agents: Readonly<Record<string, (context: TestContext, url: URL) => Promise<AnyClient>>> = {
  'an agent in a session': async (context, url) =>
    (await connectOverHttp(context, url, 'alice')).client as AnyClient,
  'an agent without': async (context, url) =>
    (await connectModernAgent(context, url, 'alice')).client as AnyClient,
}

for (const [way, serversOf] of Object.entries(servers)) {
  for (const [who, connect] of Object.entries(agents)) {
    test(`rejects a rug pull: ${way}, ${who}`, async context => {
      const toolServers = await serversOf(context)
      const { engine, urlOf } = await openProxyWorld(context, toolServers)
      const client = await connect(context, urlOf(Object.keys(toolServers)[0]!))
      const listed = async (): Promise<readonly string[]> =>
        (await client.listTools()).tools.map(({ name }) => name)
      assert.ok((await listed()).includes('echo'))
      engine.pins['echo'] = 'A'.repeat(22)
      const shown = await listed()
      assert.ok(shown.length > 0 && !shown.includes('echo'), shown.join(' '))
      await eventually('the engine is told', () => engine.withheld.includes('echo'))
    })
  }
}
