import assert from 'node:assert/strict'
import { test } from 'node:test'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import { everythingOnStdio, openProxyWorld, startEverythingOverHttp } from './proxy-world.ts'

const sessions = 20
const callsEach = 10

test('20 sessions side by side, on both kinds of server, never get each other’s answers', async context => {
  const url = await startEverythingOverHttp(context)
  const { engine, urlOf, telemetry } = await openProxyWorld(context, {
    over: { transport: 'http', url, headers: {} },
    // A child takes half a second to start: a few are enough to see them beside the others.
    child: everythingOnStdio['everything']!,
  })
  const run = async (session: number): Promise<void> => {
    const { client } = await connectOverHttp(
      context,
      urlOf(session % 5 === 0 ? 'child' : 'over'),
      `agent-${session}`,
    )
    await Promise.all(
      Array.from({ length: callsEach }, async (_, call) => {
        const message = `session ${session} call ${call}`
        const { content } = await client.callTool({ name: 'echo', arguments: { message } })
        assert.deepEqual(content, [{ type: 'text', text: `Echo: ${message}` }])
      }),
    )
  }
  await Promise.all(Array.from({ length: sessions }, (_, session) => run(session)))

  await eventually('every outcome came', () => engine.outcomes.length === sessions * callsEach)
  assert.ok(engine.outcomes.every(({ outcome }) => outcome === 'ok'))
  assert.match(await telemetry.metrics(), /cordon_proxy_open_mcp_sessions 20/)
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
