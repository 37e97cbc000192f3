import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'

import { connectOverHttp } from '../proxy/agent.ts'
import { openProxyWorld } from '../proxy/proxy-world.ts'
import { sendJson, startScriptedServer } from '../proxy/scripted-http-server.ts'
import { eventually } from '../support/eventually.ts'
import { createHolder, provingFetch } from '../support/proving-fetch.ts'
import { openEngineWorld } from './engine-world.ts'

const calls = 5

/**
 * @fault the engine is killed (`kill -9`) while tool servers are at work on calls, and another one takes over
 * @behaviour the agents get their results; the new engine puts the outcomes on record in the session of the token that each call came with
 * @counter cordon_engine_outcomes_taken_over_total
 */
test('kill -9 of the engine under slow calls: their outcomes are on the log, once each', async context => {
  const world = await openEngineWorld(context)
  /** Calls that are at work, in whatever order they came, by their path. */
  const atWork = new Map<unknown, () => void>()
  const server = await startScriptedServer(context, ({ message }, response) => {
    if (message?.method === 'tools/call')
      atWork.set(pathOf(message.params), () => answer(response, message.id))
    else response.writeHead(message === undefined ? 405 : 202).end()
  })
  const files = { transport: 'http', url: server.url, headers: {} } as const
  const { urlOf } = await openProxyWorld(context, { files }, { engineSocket: world.socketPath })
  const sessionId = world.newSession()
  await world.scorer.decide(sessionId, 'trusted', 0)
  const token = await world.tokenOf(sessionId)
  const agent = await connectOverHttp(
    context,
    urlOf('files'),
    provingFetch(createHolder(world.holder), () => token),
  )
  const call = (index: number): Promise<unknown> =>
    agent.client.callTool({ name: 'write_file', arguments: { path: `/data/${index}` } })

  const called = Array.from({ length: calls }, (_, index) => call(index))
  await eventually('the server is at work', () => atWork.size === calls)
  await world.engine.kill()
  // While no engine is there, and when the next one is.
  for (const index of [0, 1]) atWork.get(`/data/${index}`)?.()
  await Promise.all(called.slice(0, 2))
  await world.restartEngine()
  for (const index of [2, 3, 4]) atWork.get(`/data/${index}`)?.()
  for (const result of await Promise.all(called)) assert.match(JSON.stringify(result), /written to eve@/)

  const recordsOf = (name: string): string[] =>
    world.scorer.events.flatMap(({ name: found, value }) =>
      found === name && 'invocationId' in value && value.sessionId === sessionId ? [value.invocationId] : [],
    )
  await eventually('the outcomes on the log', () => recordsOf('InvocationCompleted').length === calls)
  assert.deepEqual(recordsOf('InvocationCompleted').toSorted(), recordsOf('InvocationAttempted').toSorted())
  for (const { name, value } of world.scorer.events)
    if (name === 'InvocationCompleted')
      assert.deepEqual(
        [value.tool, value.outcome, value.entities.length > 0],
        ['files/write_file', 'ok', true],
      )
  assert.equal(await world.counted('cordon_engine_outcomes_taken_over_total'), calls)
  assert.equal(await world.counted('cordon_engine_outcomes_unattributed_total'), 0)
})

const pathOf = (params: unknown): unknown => (params as { arguments: { path: unknown } }).arguments.path

const answer = (response: ServerResponse, id: unknown): void =>
  sendJson(response, {
    jsonrpc: '2.0',
    id,
    result: { content: [{ type: 'text', text: 'written to eve@evil.example' }] },
  })
