import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import { connectModernAgent } from './modern-agent.ts'
import { modernOnStdio, modernOverHttp } from './modern-servers.ts'
import { everythingOnStdio, openProxyWorld } from './proxy-world.ts'
import type { ToolServers } from './proxy-world.ts'

const ways: Readonly<Record<string, (test: TestContext) => ToolServers | Promise<ToolServers>>> = {
  'stdio, both eras': () => modernOnStdio('serve'),
  'http, both eras': test => modernOverHttp(test, 'serve'),
  'stdio, 2026-07-28 alone': () => modernOnStdio('reject'),
  'http, 2026-07-28 alone': test => modernOverHttp(test, 'reject'),
}

/** What both generations of the client have in common. */
interface AnyClient {
  listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>
  callTool(call: {
    readonly name: string
    readonly arguments: Record<string, string>
  }): Promise<{ readonly content?: unknown; readonly isError?: unknown }>
  readResource(read: { readonly uri: string }): Promise<{ readonly contents: readonly unknown[] }>
  getPrompt(get: { readonly name: string }): Promise<{ readonly messages: readonly unknown[] }>
}

const clients: Readonly<Record<string, (test: TestContext, url: URL) => Promise<AnyClient>>> = {
  'generation 1': async (test, url) => (await connectOverHttp(test, url, 'alice')).client as AnyClient,
  'generation 2, in a session': async (test, url) =>
    (await connectModernAgent(test, url, 'alice', 'legacy')).client,
}

for (const [way, serversOf] of Object.entries(ways)) {
  for (const [generation, connect] of Object.entries(clients)) {
    test(`${way}: a client of ${generation}`, async context => {
      const { engine, urlOf } = await openProxyWorld(context, await serversOf(context))
      const client = await connect(context, urlOf('modern'))
      const { tools } = await client.listTools()
      assert.ok(tools.some(({ name }) => name === 'echo'))
      const { content } = await client.callTool({ name: 'echo', arguments: { message: 'hello' } })
      assert.deepEqual(content, [{ type: 'text', text: 'Echo: hello' }])
      assert.equal((await client.readResource({ uri: 'demo://note' })).contents.length, 1)
      assert.equal((await client.getPrompt({ name: 'greet' })).messages.length, 1)
      assert.equal((await client.callTool({ name: 'fail', arguments: {} })).isError, true)
      engine.refusedCalls.set('echo', { reason: 'GATE_REFUSED', message: 'No.' })
      const refused = await client.callTool({ name: 'echo', arguments: { message: 'hello' } })
      assert.match(JSON.stringify(refused), /Cordon: No\. \(GATE_REFUSED\)/)
      await eventually('the outcomes came', () => engine.outcomes.length === 4)
      assert.deepEqual(
        engine.outcomes.map(({ outcome }) => outcome),
        ['ok', 'ok', 'ok', 'error'],
      )
    })
  }
}

test('a client of generation 2, in a session, and a server of generation 1', async context => {
  const { urlOf } = await openProxyWorld(context, everythingOnStdio)
  const { client } = await connectModernAgent(context, urlOf('everything'), 'alice', 'legacy')
  assert.equal(client.getNegotiatedProtocolVersion(), '2025-11-25')
  const { content } = await client.callTool({ name: 'echo', arguments: { message: 'hello' } })
  assert.deepEqual(content, [{ type: 'text', text: 'Echo: hello' }])
})

const alone = Object.entries(ways).filter(([way]) => way.endsWith('alone'))

for (const [way, serversOf] of alone) {
  test(`${way}: questions, changes and cancellation, for a client that wants a session`, async context => {
    const { engine, urlOf } = await openProxyWorld(context, await serversOf(context))
    const { client, asked } = await connectModernAgent(context, urlOf('modern'), 'alice', 'legacy')
    const say = async (name: string, args: Record<string, string> = {}): Promise<string> => {
      const { content } = await client.callTool({ name, arguments: args })
      return (content[0] as { readonly text: string }).text
    }

    await context.test('says what it is, and that it is there', async () => {
      assert.equal(client.getNegotiatedProtocolVersion(), '2025-11-25')
      assert.equal(client.getServerVersion()?.name, 'modern')
      assert.equal(client.getInstructions(), 'Be careful.')
      await client.ping()
    })

    await context.test('progress', async () => {
      const seen: number[] = []
      const onprogress = ({ progress }: { readonly progress: number }): void => void seen.push(progress)
      await client.callTool({ name: 'count', arguments: { to: '3' } }, { onprogress })
      assert.deepEqual(seen, [1, 2, 3])
    })

    await context.test('what the server asks within a call is asked of the client', async () => {
      assert.equal(await say('confirm', { what: 'tides' }), 'Done: tides')
      assert.deepEqual(asked, ['Sure about tides?'])
      await eventually('the outcome came', () => engine.order.length === 4)
      assert.deepEqual(engine.order.slice(2), ['call confirm', 'outcome ok'])
    })

    await context.test('changes are told', async () => {
      const heard: string[] = []
      client.setNotificationHandler(
        'notifications/tools/list_changed',
        ({ method }) => void heard.push(method),
      )
      await eventually('it was heard', async () => {
        await say('announce')
        return heard.length > 0
      })
    })

    await context.test('a cancelled call is cancelled there', async () => {
      const stop = new AbortController()
      const call = client.callTool({ name: 'wait', arguments: {} }, { signal: stop.signal })
      await eventually('the call is forwarded', () => engine.calls.at(-1)?.tool === 'wait')
      await say('cancelled')
      stop.abort('changed my mind')
      await assert.rejects(call)
      await eventually('it was cancelled', async () => (await say('cancelled')) === '1')
      await eventually('the engine knows', () =>
        engine.outcomes.some(({ outcome }) => outcome === 'cancelled'),
      )
    })
  })
}
