import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { McpError } from '@modelcontextprotocol/sdk/types.js'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import { manualTimers } from './manual-timers.ts'
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

  test(`${way}: of an engine that says nothing, as those of before, the next look finds out`, async context => {
    const world = await openCall(context)
    world.engine.refusedSessions.set('alice', { reason: 'SESSION_ENDED', message: 'It has ended.' })
    world.timers.pass(1_000)
    await isCut(world, 'SESSION_ENDED')
  })
}
