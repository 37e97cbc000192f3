import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { type AgentSession, sessionFetch } from '@cordon/agent-client'

import { type Gateway, openGateway } from '../attacks/identity/gateway.ts'
import { connectModernAgent, stateless } from '../proxy/modern-agent.ts'
import { eventually } from '../support/eventually.ts'
import { openOlderServer, openNewerServer, type VerifyingServer, watched } from './verifying-servers.ts'

// An agent that proves all it says, the real proxy and engine, and a tool server that verifies all that comes: whatever the proxy
// has to say otherwise in the other generation of MCP has a call token for just that.

/** What `sessionFetch` needs of a session, without an identity service. */
const sessionOf = (gateway: Gateway): AgentSession => {
  const count = () => {
    let upcoming = 0
    return { take: () => Promise.resolve((upcoming += 1) - 1), settle: () => undefined, hasGap: false }
  }
  const unused = (): never => {
    throw new Error('expected a session that goes on')
  }
  return {
    sessionId: 'alice',
    endsAt: undefined,
    proxyUrl: new URL(gateway.resource).origin,
    holderKey: gateway.holder,
    timing: {
      now: () => gateway.clock.now(),
      random: () => 0,
      wait: () => Promise.resolve(),
      waitAside: (_ms, signal) =>
        new Promise(resolve => {
          signal.addEventListener('abort', () => resolve())
        }),
    },
    fetch: (_url, init) => fetch(`http://127.0.0.1:${gateway.portOf()}/mcp/files`, init),
    sequences: { call: count(), other: count() },
    token: () => Promise.resolve(gateway.token()),
    replaceToken: unused,
    doubt: unused,
    delegate: unused,
    end: unused,
  }
}

const openWorld = async (
  context: TestContext,
  openServer: (context: TestContext) => VerifyingServer,
  mode: Parameters<typeof connectModernAgent>[3],
) => {
  const server = openServer(context)
  const gateway = await openGateway(context, server.open)
  const agent = await connectModernAgent(
    context,
    new URL(gateway.resource),
    sessionFetch(sessionOf(gateway), 'files'),
    mode,
  )
  return { server, agent, refused: gateway.server.refused }
}

const servers = { 'with sessions': openOlderServer, 'without sessions': openNewerServer } as const
const agents = { 'with a session': 'legacy', 'without a session': stateless } as const

for (const [kind, openServer] of Object.entries(servers))
  for (const [agentKind, mode] of Object.entries(agents))
    test(`an agent ${agentKind} is asked within a call by a server ${kind}, and each message verifies`, async context => {
      const { agent, refused } = await openWorld(context, openServer, mode)
      const { client, asked } = agent
      assert.equal((await client.listTools()).tools.length, 1)
      for (const path of ['/a', '/b']) {
        const { content } = await client.callTool({ name: 'read_file', arguments: { path } })
        assert.deepEqual(content, [{ type: 'text', text: `Read ${path}` }])
      }
      assert.deepEqual(asked, ['Sure about /a?', 'Sure about /b?'])
      assert.deepEqual(refused, [])
    })

for (const [kind, openServer] of Object.entries(servers)) {
  test(`an agent with a session subscribes to a resource of a server ${kind}, and each message verifies`, async context => {
    const { agent, server, refused } = await openWorld(context, openServer, 'legacy')
    await agent.client.subscribeResource({ uri: watched })
    await eventually('the subscription', () => server.subscribed.includes(watched))
    assert.deepEqual(refused, [])
  })

  test(`an agent without a session listens to a resource of a server ${kind}, and each message verifies`, async context => {
    const { agent, server, refused } = await openWorld(context, openServer, stateless)
    const subscription = await agent.client.listen({ resourceSubscriptions: [watched] })
    await eventually('the subscription', () => server.subscribed.includes(watched))
    await subscription.close()
    assert.deepEqual(refused, [])
  })
}
