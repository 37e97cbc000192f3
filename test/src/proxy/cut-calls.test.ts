import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { McpError } from '@modelcontextprotocol/sdk/types.js'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import { manualTimers } from './manual-timers.ts'
import { ask } from './raw-agent.ts'
import { sendJson, startScriptedServer } from './scripted-http-server.ts'
import {
  everythingOnStdio,
  openProxyWorld,
  startEverythingOverHttp,
  type ToolServers,
} from './proxy-world.ts'

const longCall = { name: 'trigger-long-running-operation', arguments: { duration: 20, steps: 2 } }

const ways: Readonly<Record<string, (test: TestContext) => Promise<ToolServers>>> = {
  stdio: () => Promise.resolve(everythingOnStdio),
  http: async test => ({
    everything: { transport: 'http', url: await startEverythingOverHttp(test), headers: {} },
  }),
}

for (const [way, serversOf] of Object.entries(ways)) {
  const openCall = async (context: TestContext) => {
    const timers = manualTimers()
    const world = await openProxyWorld(context, await serversOf(context), { timers })
    const { client } = await connectOverHttp(context, world.urlOf('everything'), 'alice')
    let error: unknown
    void client.callTool(longCall).catch((thrown: unknown) => {
      error = thrown
    })
    await eventually('the call is forwarded', () => world.engine.calls.length === 1)
    return { ...world, client, timers, error: () => error }
  }

  const isCut = async (
    { engine, telemetry, error }: Awaited<ReturnType<typeof openCall>>,
    reason: string,
  ) => {
    await eventually('the agent is told', () => error() !== undefined, 5_000)
    const told = error()
    assert.ok(told instanceof McpError, String(told))
    assert.match(told.message, new RegExp(`Cordon: .* It was under way: .*\\(${reason}\\)`))
    assert.deepEqual(told.data, { 'cordon/refusal': { reason } })
    await eventually('the outcome came', () => engine.outcomes.length === 1)
    assert.equal(engine.outcomes[0]!.outcome, 'cancelled')
    const metrics = await telemetry.metrics()
    assert.match(metrics, new RegExp(`cordon_proxy_requests_cut_total\\{reason="${reason}"\\} 1\n`))
  }

  /**
   * @fault a session is suspended, revoked or ended while a tool server is at work on its call
   * @behaviour the agent gets -32010 with the reason at once, the tool server is told to stop, and the outcome on record is `cancelled`
   * @counter cordon_proxy_requests_cut_total
   */
  test(`${way}: a call under way is cut as soon as the engine says that its session changed`, async context => {
    const world = await openCall(context)
    world.engine.refusedSessions.set('alice', { reason: 'SESSION_SUSPENDED', message: 'It is suspended.' })
    world.engine.tellChanged('alice')
    await isCut(world, 'SESSION_SUSPENDED')
    // It is suspended, not over: once somebody lets it go on, so does its MCP session.
    world.engine.refusedSessions.clear()
    assert.ok(await world.client.callTool({ name: 'echo', arguments: { message: 'again' } }))
  })

  test(`${way}: a call under way is cut when the kill switch is pulled, whomever that hits`, async context => {
    const world = await openCall(context)
    world.engine.tellChanged()
    world.engine.refusedSessions.set('alice', { reason: 'REVOKED', message: 'An operator has stopped it.' })
    world.engine.tellChanged()
    await isCut(world, 'REVOKED')
  })

  /**
   * @fault an operator stops one tool while a tool server is at work on a call of it
   * @behaviour the same for calls of that tool; everything else of the session goes on
   * @counter cordon_proxy_requests_cut_total
   */
  test(`${way}: a call under way is cut when its tool is stopped, and the session goes on`, async context => {
    const world = await openCall(context)
    world.engine.stoppedTools.add('echo').add(longCall.name)
    world.engine.tellChanged()
    await isCut(world, 'REVOKED')
    assert.ok(await world.client.listTools())
  })

  test(`${way}: of an engine that says nothing, as those of before, the next look finds out`, async context => {
    const world = await openCall(context)
    world.engine.refusedSessions.set('alice', { reason: 'SESSION_ENDED', message: 'It has ended.' })
    world.timers.pass(1_000)
    await isCut(world, 'SESSION_ENDED')
  })
}

/**
 * @fault a session is suspended, revoked or ended while a tool server on HTTP is at work on its calls and its tasks
 * @behaviour the server is told to stop each, and of the end of the MCP session, every message with a call token of its own
 * @counter none: `cordon_proxy_requests_cut_total`, and the outcomes on record
 */
test('http: a server is told to stop the calls and tasks of a session that ended, with a token each', async context => {
  const server = await startScriptedServer(context, ({ message, method }, response) => {
    const { id, params } = message ?? {}
    if (params !== undefined && 'task' in params)
      return sendJson(response, { jsonrpc: '2.0', id, result: { task: { taskId: 't', status: 'working' } } })
    if (message?.method === 'tools/call') return undefined
    if (id !== undefined) return sendJson(response, { jsonrpc: '2.0', id, result: {} })
    return void response.writeHead(method === 'POST' ? 202 : method === 'DELETE' ? 200 : 405).end()
  })
  const world = await openProxyWorld(context, {
    scripted: { transport: 'http', url: server.url, headers: {} },
  })
  const { urlOf, engine } = world
  const { http } = await connectOverHttp(context, urlOf('scripted'), 'alice')
  const call = (id: number, more: object) => {
    const params = { name: 'any', arguments: {}, ...more }
    const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params })
    return ask(world, {
      headers: { 'mcp-session-id': http!.sessionId! },
      body,
    })
  }
  await call(1_001, { task: {} })
  const cut = call(1_002, {})
  await eventually('the server to be at work', () =>
    server.requests.some(({ message }) => message?.id === 1_002),
  )
  engine.refusedSessions.set('alice', { reason: 'SESSION_ENDED', message: 'It has ended.' })
  engine.tellChanged('alice')
  assert.match((await cut).body, /SESSION_ENDED/)
  await eventually('the end of the session', () => server.requests.some(({ method }) => method === 'DELETE'))
  const told = (stop: string): readonly unknown[] =>
    server.requests.flatMap(({ method, message, headers: { authorization = '' } }) =>
      (message?.method ?? method) === stop ? [message?.params, authorization.replace(/#\d+$/, '')] : [],
    )
  assert.deepEqual(told('notifications/cancelled'), [
    { requestId: 1_002, reason: 'The proxy does not wait for an answer any more.' },
    'Bearer notifications/cancelled',
  ])
  assert.deepEqual(told('tasks/cancel'), [{ taskId: 't' }, 'Bearer tasks/cancel'])
  assert.deepEqual(told('DELETE'), [undefined, 'Bearer DELETE'])
  await eventually('the outcomes on record', () => engine.outcomes.length === 2)
  assert.deepEqual(
    engine.outcomes.map(({ outcome }) => outcome),
    ['cancelled', 'cancelled'],
  )
})
