import assert from 'node:assert/strict'
import { test } from 'node:test'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import { connectModernAgent } from './modern-agent.ts'
import { modernOnStdio, modernOverHttp } from './modern-servers.ts'
import { everythingOnStdio, openProxyWorld, startEverythingOverHttp } from './proxy-world.ts'

const sessions = 100
const callsEach = 5
/** Every fourth has a server on stdio, a process of its own. */
const onStdio = (session: number): boolean => session % 4 === 0

/** Opens them a few at a time: children that start all at once would take the machine from everything else. */
const inTurns = async <Agent>(open: (session: number) => Promise<Agent>): Promise<readonly Agent[]> => {
  const agents: Agent[] = []
  const each = Array.from({ length: sessions }, (_, session) => session).values()
  const openSome = async (): Promise<void> => {
    for (const session of each) agents[session] = await open(session)
  }
  await Promise.all([openSome(), openSome(), openSome()])
  return agents
}

/** All at once, each call with what nobody else says. */
const callAll = async (echoes: readonly ((message: string) => Promise<object>)[]): Promise<void> => {
  const calls = echoes.flatMap((echo, session) =>
    Array.from({ length: callsEach }, async (_, call) => {
      const message = `session ${session} call ${call}`
      const result = await echo(message)
      assert.deepEqual('content' in result && result.content, [{ type: 'text', text: `Echo: ${message}` }])
    }),
  )
  await Promise.all(calls)
}

/** Every official client counts its requests from 0, so their ids are all the same. */
test('100 sessions side by side, on both kinds of server, never get each other’s answers', async context => {
  const url = await startEverythingOverHttp(context)
  const { engine, urlOf, telemetry } = await openProxyWorld(context, {
    over: { transport: 'http', url, headers: {} },
    child: everythingOnStdio['everything']!,
  })
  const agents = await inTurns(session =>
    connectOverHttp(context, urlOf(onStdio(session) ? 'child' : 'over'), `agent-${session}`),
  )
  await callAll(
    agents.map(
      ({ client }) =>
        message =>
          client.callTool({ name: 'echo', arguments: { message } }),
    ),
  )

  await eventually('every outcome came', () => engine.outcomes.length === sessions * callsEach)
  assert.ok(engine.outcomes.every(({ outcome }) => outcome === 'ok'))
  assert.match(await telemetry.metrics(), /cordon_proxy_open_mcp_sessions 100/)
})

test('100 sessions of stateless clients side by side, on both kinds of server, never get each other’s answers', async context => {
  // One that starts beside 24 others may take longer to say what it speaks than the proxy waits, and is taken for an older one.
  const { modern: over } = await modernOverHttp(context, 'serve')
  const { modern: child } = modernOnStdio('serve')
  const { engine, urlOf } = await openProxyWorld(context, { over: over!, child: child! })
  const agents = await inTurns(session =>
    connectModernAgent(context, urlOf(onStdio(session) ? 'child' : 'over'), `agent-${session}`),
  )
  await callAll(
    agents.map(
      ({ client }) =>
        message =>
          client.callTool({ name: 'echo', arguments: { message } }),
    ),
  )

  await eventually('every outcome came', () => engine.outcomes.length === sessions * callsEach)
  assert.ok(engine.outcomes.every(({ outcome }) => outcome === 'ok'))
})

/**
 * @input an agent that reconnects again and again without ending its MCP sessions, as official clients do
 * @behaviour its oldest unused MCP session ends for each one beyond 32
 * @counter cordon_proxy_mcp_sessions_ended_total{why="displaced"}
 */
test('an agent that leaves 40 MCP sessions behind can still open another', async context => {
  const url = await startEverythingOverHttp(context)
  const { urlOf, telemetry } = await openProxyWorld(context, {
    over: { transport: 'http', url, headers: {} },
  })
  for (let visit = 0; visit < 40; visit += 1) {
    const { client } = await connectOverHttp(context, urlOf('over'), 'alice')
    await client.close()
  }
  const { client } = await connectOverHttp(context, urlOf('over'), 'alice')
  assert.deepEqual(await client.ping(), {})
  const metrics = await telemetry.metrics()
  assert.match(metrics, /cordon_proxy_mcp_sessions_ended_total\{why="displaced"\} 9/)
  assert.match(metrics, /cordon_proxy_open_mcp_sessions 32/)
})
