import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { eventually } from '../support/eventually.ts'
import { connectModernAgent } from './modern-agent.ts'
import { modernOnStdio, modernOverHttp } from './modern-servers.ts'
import { openProxyWorld } from './proxy-world.ts'
import type { ToolServers } from './proxy-world.ts'

const ways: Readonly<Record<string, (test: TestContext) => ToolServers | Promise<ToolServers>>> = {
  stdio: () => modernOnStdio('reject'),
  http: test => modernOverHttp(test, 'reject'),
}

for (const [way, serversOf] of Object.entries(ways)) {
  test(`${way}: a stateless client and a server that knows no sessions`, async context => {
    const { engine, urlOf } = await openProxyWorld(context, await serversOf(context))
    const { client, asked } = await connectModernAgent(context, urlOf('modern'), 'alice')
    const said = async (name: string, args: Record<string, string> = {}): Promise<unknown> => {
      const { content } = await client.callTool({ name, arguments: args })
      return (content[0] as { readonly text: string }).text
    }

    await context.test('says what it is', () => {
      assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28')
      assert.equal(client.getServerVersion()?.name, 'modern')
      assert.equal(client.getInstructions(), 'Be careful.')
    })

    await context.test('lists, calls, reads and prompts, each guarded', async () => {
      const { tools } = await client.listTools()
      assert.ok(tools.some(({ name }) => name === 'echo'))
      assert.equal(await said('echo', { message: 'hello' }), 'Echo: hello')
      const { contents } = await client.readResource({ uri: 'demo://note' })
      assert.deepEqual(contents, [{ uri: 'demo://note', text: 'A note.' }])
      const { messages } = await client.getPrompt({ name: 'greet' })
      assert.equal(messages.length, 1)
      assert.deepEqual(
        engine.calls.map(({ tool }) => tool),
        ['echo', 'resources:read', 'prompts:get'],
      )
      await eventually('the last outcome came', () => engine.outcomes.length === 3)
      assert.deepEqual(engine.order, [
        'call echo',
        'outcome ok',
        'call resources:read',
        'outcome ok',
        'call prompts:get',
        'outcome ok',
      ])
    })

    await context.test('a refused call never reaches the server, and its model reads why', async () => {
      const before = engine.outcomes.length
      engine.refusedCalls.set('fail', { reason: 'SESSION_READ_ONLY', message: 'Only read-only tools now.' })
      const { isError, content } = await client.callTool({ name: 'fail', arguments: {} })
      assert.equal(isError, true)
      assert.deepEqual(content, [
        { type: 'text', text: 'Cordon: Only read-only tools now. (SESSION_READ_ONLY)' },
      ])
      assert.equal(engine.outcomes.length, before)
      engine.refusedCalls.clear()
    })

    await context.test('a failed call is reported as one', async () => {
      assert.equal(await said('fail'), 'It failed.')
      await eventually('the outcome came', () => engine.outcomes.at(-1)?.outcome === 'error')
    })

    await context.test('progress comes before its answer, to whoever asked', async () => {
      const counts = await Promise.all(
        ['3', '5'].map(async to => {
          const seen: number[] = []
          const onprogress = ({ progress }: { readonly progress: number }): void => void seen.push(progress)
          await client.callTool({ name: 'count', arguments: { to } }, { onprogress })
          return seen
        }),
      )
      assert.deepEqual(counts, [
        [1, 2, 3],
        [1, 2, 3, 4, 5],
      ])
    })

    await context.test('what the server asks is answered by a call that is judged again', async () => {
      const before = engine.calls.length
      assert.equal(await said('confirm', { what: 'tides' }), 'Done: tides')
      assert.deepEqual(asked, ['Sure about tides?'])
      assert.deepEqual(
        engine.calls.slice(before).map(({ tool, arguments: args }) => [tool, args]),
        [
          ['confirm', { what: 'tides' }],
          ['confirm', { what: 'tides' }],
        ],
      )
      await eventually('the last outcome came', () => engine.order.at(-1) === 'outcome ok')
      assert.deepEqual(engine.order.slice(-4), ['call confirm', 'outcome ok', 'call confirm', 'outcome ok'])
    })

    await context.test('the end of the stream cancels, for the server and for the engine', async () => {
      const stop = new AbortController()
      const call = client.callTool({ name: 'wait', arguments: {} }, { signal: stop.signal })
      await eventually('the call is forwarded', () => engine.calls.at(-1)?.tool === 'wait')
      // What is asked after it comes after it.
      await said('cancelled')
      stop.abort('changed my mind')
      await assert.rejects(call)
      await eventually('it was cancelled', async () => (await said('cancelled')) === '1')
      await eventually('the engine knows', () =>
        engine.outcomes.some(({ outcome }) => outcome === 'cancelled'),
      )
    })

    await context.test('arguments that a header repeats get there', async () => {
      assert.equal(await said('route', { region: 'Zürich' }), 'Routed to Zürich')
    })

    await context.test('changes are heard by those who listen', async () => {
      const heard: string[] = []
      client.setNotificationHandler(
        'notifications/tools/list_changed',
        ({ method }) => void heard.push(method),
      )
      const subscription = await client.listen({ toolsListChanged: true })
      assert.deepEqual(subscription.honoredFilter, { toolsListChanged: true })
      await said('announce')
      await eventually('it was heard', () => heard.length === 1)
      await subscription.close()
      await said('announce')
      assert.equal(await said('echo', { message: 'still here' }), 'Echo: still here')
      assert.equal(heard.length, 1)
    })
  })
}

for (const [way, serversOf] of Object.entries(ways)) {
  test(`${way}: ten who listen share one way to the server, and each is told`, async context => {
    const { urlOf, telemetry } = await openProxyWorld(context, await serversOf(context))
    const listening = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const { client } = await connectModernAgent(context, urlOf('modern'), 'alice')
        const heard: string[] = []
        client.setNotificationHandler(
          'notifications/tools/list_changed',
          ({ method }) => void heard.push(method),
        )
        await client.listen({ toolsListChanged: true })
        return { client, heard }
      }),
    )
    assert.match(await telemetry.metrics(), /cordon_proxy_open_mcp_sessions 1\n/)
    await listening[0]!.client.callTool({ name: 'announce', arguments: {} })
    await eventually('each of them heard it', () => listening.every(({ heard }) => heard.length === 1))
  })
}

for (const [way, serversOf] of Object.entries(ways)) {
  test(`${way}: agents of one session name their requests alike, and each gets its own answers`, async context => {
    const { engine, urlOf, telemetry } = await openProxyWorld(context, await serversOf(context))
    const agents = await Promise.all(
      ['a', 'b', 'c'].map(async name => {
        const { client } = await connectModernAgent(context, urlOf('modern'), 'alice')
        return { name, client }
      }),
    )
    const messages = agents.flatMap(agent =>
      Array.from({ length: 30 }, (_, call) => ({ agent, message: `${agent.name}${call}` })),
    )
    const answers = await Promise.all(
      messages.map(({ agent, message }) => agent.client.callTool({ name: 'echo', arguments: { message } })),
    )
    assert.deepEqual(
      answers.map(({ content }) => content),
      messages.map(({ message }) => [{ type: 'text', text: `Echo: ${message}` }]),
    )
    await eventually('every outcome came', () => engine.outcomes.length === 90)
    assert.equal(new Set(engine.outcomes.map(({ invocationId }) => invocationId)).size, 90)
    assert.match(await telemetry.metrics(), /cordon_proxy_open_mcp_sessions 1\n/)
  })
}
