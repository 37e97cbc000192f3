import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpError } from '@modelcontextprotocol/sdk/types.js'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import { everythingOnStdio, openProxyWorld, startEverythingOverHttp } from './proxy-world.ts'
import type { ToolServers } from './proxy-world.ts'

const suspended = { reason: 'SESSION_SUSPENDED', message: 'This session is suspended.' } as const

const ways: Readonly<Record<string, (test: TestContext) => Promise<ToolServers>>> = {
  stdio: () => Promise.resolve(everythingOnStdio),
  http: async test => ({
    everything: { transport: 'http', url: await startEverythingOverHttp(test), headers: {} },
  }),
}

for (const [way, serversOf] of Object.entries(ways)) {
  test(`${way}: a refused call never reaches the server, and its model reads why`, async context => {
    const { engine, urlOf } = await openProxyWorld(context, await serversOf(context))
    const { client } = await connectOverHttp(context, urlOf('everything'), 'alice')
    engine.refusedCalls.set('echo', { reason: 'SESSION_READ_ONLY', message: 'Only read-only tools now.' })

    const refused = await client.callTool({ name: 'echo', arguments: { message: 'hello' } })

    assert.equal(refused.isError, true)
    assert.deepEqual(refused.content, [
      { type: 'text', text: 'Cordon: Only read-only tools now. (SESSION_READ_ONLY)' },
    ])
    const refusal = refused._meta?.['cordon/refusal'] as Readonly<Record<string, unknown>>
    assert.equal(refusal['reason'], 'SESSION_READ_ONLY')
    assert.equal(refusal['verdict'], 'deny')
    assert.equal(typeof refusal['invocationId'], 'string')
    assert.deepEqual(engine.outcomes, [])
  })

  test(`${way}: reading a resource and getting a prompt are calls too`, async context => {
    const { engine, urlOf } = await openProxyWorld(context, await serversOf(context))
    const { client } = await connectOverHttp(context, urlOf('everything'), 'alice')
    engine.refusedCalls.set('resources:read', { reason: 'TOOL_NOT_GRANTED', message: 'Not granted.' })
    engine.refusedCalls.set('prompts:get', { reason: 'TOOL_UNKNOWN', message: 'No such tool.' })

    await assert.rejects(client.readResource({ uri: 'demo://x' }), (error: unknown) => {
      assert.ok(error instanceof McpError)
      assert.match(error.message, /Cordon: Not granted\. \(TOOL_NOT_GRANTED\)/)
      return true
    })
    await assert.rejects(client.getPrompt({ name: 'simple-prompt' }), /No such tool\. \(TOOL_UNKNOWN\)/)
    assert.deepEqual(
      engine.calls.map(({ tool, arguments: args }) => [tool, args]),
      [
        ['resources:read', { uri: 'demo://x' }],
        ['prompts:get', { name: 'simple-prompt' }],
      ],
    )
  })

  test(`${way}: the engine knows what a result holds before the agent can use it`, async context => {
    const { engine, urlOf } = await openProxyWorld(context, await serversOf(context))
    const { client } = await connectOverHttp(context, urlOf('everything'), 'alice')
    for (let call = 0; call < 20; call += 1) {
      await client.callTool({ name: 'echo', arguments: { message: `mail mallory${call}@evil.example` } })
    }
    await eventually('the last outcome came', () => engine.outcomes.length === 20)
    assert.deepEqual(
      engine.order,
      Array.from({ length: 20 }).flatMap(() => ['call echo', 'outcome ok']),
    )
    const { entities, resultBytes, resultDigest, entitiesOverflow } = engine.outcomes[3]!
    assert.ok(entities.some(({ kind, value }) => kind === 'email' && value === 'mallory3@evil.example'))
    assert.equal(entitiesOverflow, false)
    assert.ok(resultBytes > 40)
    assert.notEqual(resultDigest, createHash('sha256').update('').digest('hex'))
  })

  test(`${way}: a failed call is reported as one`, async context => {
    const { engine, urlOf } = await openProxyWorld(context, await serversOf(context))
    const { client } = await connectOverHttp(context, urlOf('everything'), 'alice')
    await client.callTool({ name: 'get-sum', arguments: { a: 'no number' } })
    await eventually('the outcome came', () => engine.outcomes.length === 1)
    assert.equal(engine.outcomes[0]!.outcome, 'error')
  })

  test(`${way}: a cancelled call reaches the server as cancelled and is reported as cancelled`, async context => {
    const { engine, urlOf } = await openProxyWorld(context, await serversOf(context))
    const { client } = await connectOverHttp(context, urlOf('everything'), 'alice')
    const stop = new AbortController()
    const call = client.callTool(
      { name: 'trigger-long-running-operation', arguments: { duration: 20, steps: 2 } },
      undefined,
      { signal: stop.signal },
    )
    await eventually('the call is forwarded', () => engine.calls.length === 1)
    stop.abort('changed my mind')
    await assert.rejects(call, /changed my mind/)
    await eventually('the outcome came', () => engine.outcomes.length === 1)
    assert.equal(engine.outcomes[0]!.outcome, 'cancelled')
    // The session goes on.
    assert.ok(await client.callTool({ name: 'echo', arguments: { message: 'still here' } }))
  })

  test(`${way}: the result of a task is the result of the call that began it`, async context => {
    const { engine, urlOf } = await openProxyWorld(context, await serversOf(context))
    const { client } = await connectOverHttp(context, urlOf('everything'), 'alice')
    await eventually('the tool is registered', async () => (await client.listTools()).tools.length > 15)
    const call = { name: 'simulate-research-query', arguments: { topic: 'tide tables' } }
    const seen: string[] = []
    for await (const message of client.experimental.tasks.callToolStream(call, undefined, { task: {} })) {
      seen.push(message.type)
      if (message.type === 'taskCreated') assert.deepEqual(engine.outcomes, [])
    }
    assert.equal(seen.at(-1), 'result')
    await eventually('the outcome came', () => engine.outcomes.length === 1)
    assert.equal(engine.outcomes[0]!.outcome, 'ok')
  })

  test(`${way}: a suspended session is stopped at once, whatever was admitted a moment ago`, async context => {
    const { engine, urlOf } = await openProxyWorld(context, await serversOf(context))
    const { client } = await connectOverHttp(context, urlOf('everything'), 'alice')
    await client.callTool({ name: 'echo', arguments: { message: 'before' } })
    engine.refusedSessions.set('alice', suspended)
    const { isError, content } = await client.callTool({ name: 'echo', arguments: { message: 'after' } })
    assert.equal(isError, true)
    assert.match(JSON.stringify(content), /suspended/)
    await eventually('everything else is refused within a second', async () => {
      try {
        await client.listTools()
        return false
      } catch (error) {
        assert.match(String(error), /SESSION_SUSPENDED/)
        return true
      }
    })
    await assert.rejects(connectOverHttp(context, urlOf('everything'), 'alice'), /suspended/)
  })

  test(`${way}: without its engine the proxy allows nothing`, async context => {
    const { engine, urlOf, telemetry } = await openProxyWorld(context, await serversOf(context))
    const { client } = await connectOverHttp(context, urlOf('everything'), 'alice')
    await engine.stop()
    const { isError, content } = await client.callTool({ name: 'echo', arguments: { message: 'hello' } })
    assert.equal(isError, true)
    assert.match(JSON.stringify(content), /Without it nothing is allowed.*ENGINE_UNAVAILABLE/)
    await assert.rejects(connectOverHttp(context, urlOf('everything'), 'bob'), /ENGINE_UNAVAILABLE/)
    // The client opens its stream in its own time, with the engine there or not.
    assert.match(
      await telemetry.metrics(),
      /cordon_proxy_requests_refused_total\{reason="ENGINE_UNAVAILABLE"\} [23]/,
    )
    await engine.start()
    await eventually('it goes on by itself', async () => {
      const result = await client.callTool({ name: 'echo', arguments: { message: 'hello' } })
      return result.isError !== true
    })
  })
}

test('a token that is no good is answered with 401 and where to get another', async context => {
  const { engine, urlOf } = await openProxyWorld(context, everythingOnStdio)
  const { client } = await connectOverHttp(context, urlOf('everything'), 'alice')
  engine.refusedSessions.set('alice', { reason: 'TOKEN_EXPIRED', message: 'The session token has expired.' })
  await assert.rejects(client.callTool({ name: 'echo', arguments: { message: 'x' } }), (error: unknown) => {
    assert.ok(error instanceof StreamableHTTPError)
    assert.equal(error.code, 401)
    assert.match(error.message, /The session token has expired/)
    return true
  })
})

test('rejects the MCP session of another session', async context => {
  const { engine, urlOf } = await openProxyWorld(context, everythingOnStdio)
  const { http } = await connectOverHttp(context, urlOf('everything'), 'alice')
  const response = await fetch(urlOf('everything'), {
    method: 'POST',
    headers: {
      authorization: 'DPoP mallory',
      dpop: 'proof',
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-session-id': http!.sessionId!,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'echo' } }),
  })
  assert.equal(response.status, 404)
  assert.deepEqual(engine.calls, [])
})

test('a renewed token goes on with the MCP session that the last one opened', async context => {
  const { engine, urlOf } = await openProxyWorld(context, everythingOnStdio)
  engine.sameSession('alice', 'alice-renewed')
  const { http } = await connectOverHttp(context, urlOf('everything'), 'alice')
  const response = await fetch(urlOf('everything'), {
    method: 'POST',
    headers: {
      authorization: 'DPoP alice-renewed',
      dpop: 'proof',
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-session-id': http!.sessionId!,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 'r', method: 'ping' }),
  })
  assert.deepEqual(await response.json(), { jsonrpc: '2.0', id: 'r', result: {} })
})
