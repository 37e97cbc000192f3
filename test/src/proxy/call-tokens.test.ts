import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import { connectModernAgent } from './modern-agent.ts'
import { modernOnStdio } from './modern-servers.ts'
import { everythingOnStdio, openProxyWorld } from './proxy-world.ts'
import { ask, openRawAgent, ping } from './raw-agent.ts'
import type { ReceivedRequest, ScriptedHttpServer } from './scripted-http-server.ts'
import { sendJson, startScriptedServer } from './scripted-http-server.ts'

/** What a request of HTTP says of itself, as its token has to say it. */
const saidBy = ({ method, message }: ReceivedRequest): string => {
  if (method !== 'POST') return method
  if (message?.method === undefined) return 'answer'
  return message.method === 'tools/call' ? 'any' : message.method
}

const tokenOf = ({ headers }: ReceivedRequest): string =>
  /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? ''

/** Each request has a token for just what it is, and no two the same; nothing of the agent's is among its headers. */
const requireOwnTokens = ({ requests }: ScriptedHttpServer): void => {
  for (const request of requests) {
    assert.match(tokenOf(request), new RegExp(`^${saidBy(request)}#\\d+$`), JSON.stringify(request))
    assert.ok(!/alice|"proof"|dpop/i.test(JSON.stringify(request.headers)))
  }
  const tokens = requests.map(tokenOf)
  assert.equal(new Set(tokens).size, tokens.length)
}

const openServer = (context: TestContext): Promise<ScriptedHttpServer> =>
  startScriptedServer(context, ({ message, method }, response) => {
    if (message?.id === undefined) return void response.writeHead(method === 'POST' ? 202 : 405).end()
    return sendJson(response, {
      jsonrpc: '2.0',
      id: message.id,
      result: { content: [{ type: 'text', text: 'done' }], tools: [] },
    })
  })

test('the agent’s token never reaches a server: each request has one of the engine’s, of an agent with a session', async context => {
  const server = await openServer(context)
  const { urlOf, proxy } = await openProxyWorld(context, {
    scripted: { transport: 'http', url: server.url, headers: {} },
  })
  const { client, http } = await connectOverHttp(context, urlOf('scripted'), 'alice')
  await client.callTool({ name: 'any', arguments: {} })
  await client.listTools()
  await http!.terminateSession()
  await eventually('the end of the session', () => server.requests.some(({ method }) => method === 'DELETE'))
  await proxy.close()
  requireOwnTokens(server)
})

test('the agent’s token never reaches a server: each request has one of the engine’s, of an agent without a session', async context => {
  const server = await openServer(context)
  const { urlOf, proxy } = await openProxyWorld(context, {
    scripted: { transport: 'http', url: server.url, headers: {} },
  })
  const { client } = await connectModernAgent(context, urlOf('scripted'), 'alice')
  await client.callTool({ name: 'any', arguments: {} })
  await client.listTools()
  await proxy.close()
  const methods = server.requests.map(saidBy)
  for (const method of ['server/discover', 'initialize', 'any', 'tools/list'])
    assert.ok(methods.includes(method), `expected ${method} among ${methods.join(', ')}`)
  requireOwnTokens(server)
})

for (const [name, servers] of Object.entries({
  everything: everythingOnStdio,
  modern: modernOnStdio('reject'),
}))
  test(`${name}: calls over standard streams work with a token in their _meta, in both eras`, async context => {
    const { urlOf, engine } = await openProxyWorld(context, servers)
    const { client } = await connectOverHttp(context, urlOf(name), 'alice')
    const modern = await connectModernAgent(context, urlOf(name), 'alice')
    await client.listTools()
    await modern.client.listTools()
    assert.ok(engine.admitted.length > 2)
  })

test('rejects a bearer token, and a proof that comes twice', async context => {
  const world = await openRawAgent(context)
  const headers = { 'mcp-session-id': world.mcpSessionId }
  const bearer = await ask(world, { headers: { ...headers, authorization: 'Bearer alice' } })
  assert.equal(bearer.status, 401)
  assert.match(String(bearer.headers['www-authenticate']), /^DPoP resource_metadata=.*algs="EdDSA ES256"$/)
  const twice = await ask(world, { headers: { ...headers, dpop: ['proof', 'proof'] }, body: ping })
  assert.equal(twice.status, 401)
  assert.match(String(twice.headers['www-authenticate']), /error="invalid_dpop_proof"/)
  assert.equal(twice.headers['dpop-nonce'], 'nonce-of-the-engine')
  const good = await ask(world, { headers, body: ping })
  assert.deepEqual([good.status, good.headers['dpop-nonce']], [200, 'nonce-of-the-engine'])
})

test('what a proof is compared with is what the agent sees: its method and the URL of its server', async context => {
  const world = await openRawAgent(context, { publicUrl: 'https://cordon.example' })
  await ask(world, { headers: { 'mcp-session-id': world.mcpSessionId }, body: ping })
  const { htm, htu, proof, method } = world.engine.admitted.at(-1)!
  assert.deepEqual(
    [htm, htu, proof, method],
    ['POST', 'https://cordon.example/mcp/scripted', 'proof', 'ping'],
  )
})
