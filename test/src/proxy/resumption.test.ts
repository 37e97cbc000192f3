import assert from 'node:assert/strict'
import { test } from 'node:test'

import { eventually } from '../support/eventually.ts'
import { startForwarder } from '../support/forwarder.ts'
import { startMcpProcess } from '../support/mcp-process.ts'
import type { Agent } from './agent.ts'
import { connectOverHttp } from './agent.ts'
import type { ProxyWorld } from './proxy-world.ts'
import { openProxyWorld } from './proxy-world.ts'
import { say, talkativeProgram } from './talkative-world.ts'

const hundred = Array.from({ length: 100 }, (_, index) => index + 1)

/** Cuts the connections twice while a call says how far it is. @returns what it said */
const callAcrossCuts = async ({ client }: Agent, cut: () => void): Promise<readonly number[]> => {
  const steps: number[] = []
  const call = say(client, 'take-100-steps', { onprogress: ({ progress }) => void steps.push(progress) })
  for (const step of [10, 40]) {
    await eventually(`step ${step}`, () => steps.length >= step)
    cut()
  }
  assert.equal(await call, 'arrived')
  return steps
}

const assertReportedOnce = async ({ engine }: ProxyWorld): Promise<void> => {
  await eventually('its outcome came', () => engine.outcomes.length > 0)
  assert.deepEqual(
    engine.outcomes.map(({ outcome }) => outcome),
    ['ok'],
  )
  assert.equal(engine.calls.length, 1)
}

/**
 * @fault the connection between agent and proxy breaks in the middle of a call
 * @behaviour the agent resumes its stream; each step and the answer come once, the call is judged and reported once
 * @counter cordon_proxy_calls_ended_total{outcome="ok"}
 */
test('an agent whose connection breaks in the middle of a call resumes it through the proxy', async context => {
  const url = await startMcpProcess(context, talkativeProgram)
  const world = await openProxyWorld(context, { talkative: { transport: 'http', url, headers: {} } })
  const { url: broken, cut } = await startForwarder(context, world.urlOf('talkative').href)
  const agent = await connectOverHttp(context, new URL(broken), 'alice')
  assert.deepEqual((await callAcrossCuts(agent, cut)).slice(0, 99), hundred.slice(0, 99))
  await assertReportedOnce(world)
  assert.match(await world.telemetry.metrics(), /cordon_proxy_calls_ended_total\{outcome="ok"\} 1/)
})

/**
 * @fault the connection between proxy and tool server breaks in the middle of a call
 * @behaviour the agent's stream ends and it resumes; each step and the answer come once, the call is judged and reported once
 * @counter cordon_proxy_calls_ended_total{outcome="ok"}
 */
test('a call goes on where the connection to its tool server breaks', async context => {
  const server = await startMcpProcess(context, talkativeProgram)
  const { url, cut } = await startForwarder(context, server)
  const world = await openProxyWorld(context, { talkative: { transport: 'http', url, headers: {} } })
  const agent = await connectOverHttp(context, world.urlOf('talkative'), 'alice')
  assert.deepEqual((await callAcrossCuts(agent, cut)).slice(0, 99), hundred.slice(0, 99))
  await assertReportedOnce(world)
  assert.match(await world.telemetry.metrics(), /cordon_proxy_calls_ended_total\{outcome="ok"\} 1/)
})
