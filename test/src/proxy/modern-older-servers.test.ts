import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { openWorkplace, startPostgres } from '@cordon/infra'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import type { ModernAgent } from './modern-agent.ts'
import { connectModernAgent, stateless } from './modern-agent.ts'
import { everythingOnStdio, openProxyWorld, startEverythingOverHttp } from './proxy-world.ts'
import type { ToolServers } from './proxy-world.ts'

const ways: Readonly<Record<string, (test: TestContext) => Promise<ToolServers>>> = {
  stdio: () => Promise.resolve(everythingOnStdio),
  http: async test => ({
    everything: { transport: 'http', url: await startEverythingOverHttp(test), headers: {} },
  }),
}

const say = async (
  { client }: ModernAgent,
  name: string,
  args: Record<string, unknown> = {},
): Promise<string> => {
  const { content } = await client.callTool({ name, arguments: args })
  return content.map(block => ('text' in block ? block.text : block.type)).join(' ')
}

for (const [way, serversOf] of Object.entries(ways)) {
  for (const mode of ['auto', stateless] as const) {
    const name = mode === 'auto' ? 'that speaks both eras' : 'that speaks 2026-07-28 alone'
    test(`${way}: a client ${name}, and a server that wants sessions`, async context => {
      const { engine, urlOf } = await openProxyWorld(context, await serversOf(context))
      const agent = await connectModernAgent(context, urlOf('everything'), 'alice', mode)
      const { client, asked } = agent

      await context.test('says what it is', () => {
        assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28')
        assert.equal(client.getServerVersion()?.name, 'mcp-servers/everything')
      })

      await context.test('lists, calls, reads and prompts, each guarded', async () => {
        const { tools } = await client.listTools()
        assert.ok(tools.some(tool => tool.name === 'echo'))
        assert.equal(await say(agent, 'echo', { message: 'hello' }), 'Echo: hello')
        const { resources } = await client.listResources()
        const { contents } = await client.readResource({ uri: resources[0]!.uri })
        assert.equal(contents.length, 1)
        const { messages } = await client.getPrompt({ name: 'simple-prompt' })
        assert.ok(messages.length > 0)
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

      await context.test('a refused call never reaches the server', async () => {
        engine.refusedCalls.set('echo', { reason: 'GATE_REFUSED', message: 'No.' })
        assert.match(await say(agent, 'echo', { message: 'hello' }), /Cordon: No\. \(GATE_REFUSED\)/)
        engine.refusedCalls.clear()
      })

      await context.test('a resource that is not there', async () => {
        await assert.rejects(client.readResource({ uri: 'demo://nowhere' }), /-32602|not found|Unknown/i)
      })

      await context.test('progress', async () => {
        const seen: number[] = []
        const long = { name: 'trigger-long-running-operation', arguments: { duration: 0.2, steps: 4 } }
        await client.callTool(long, { onprogress: ({ progress }) => void seen.push(progress) })
        assert.deepEqual(seen, [1, 2, 3, 4])
      })

      await context.test('the end of the stream cancels', async () => {
        const stop = new AbortController()
        const long = { name: 'trigger-long-running-operation', arguments: { duration: 20, steps: 2 } }
        const call = client.callTool(long, { signal: stop.signal })
        const count = engine.calls.length
        await eventually('the call is forwarded', () => engine.calls.length === count + 1)
        assert.equal(await say(agent, 'echo', { message: 'meanwhile' }), 'Echo: meanwhile')
        stop.abort('changed my mind')
        await assert.rejects(call)
        await eventually('the engine knows', () =>
          engine.outcomes.some(({ outcome }) => outcome === 'cancelled'),
        )
      })

      await context.test('what the server asks within a call is asked by its result', async () => {
        const before = engine.order.length
        const said = await say(agent, 'trigger-elicitation-request')
        assert.match(said, /accept|provided/i)
        assert.equal(asked.length, 1)
        await eventually('the last outcome came', () => engine.order.length === before + 4)
        assert.deepEqual(engine.order.slice(before), [
          'call trigger-elicitation-request',
          'outcome ok',
          'call trigger-elicitation-request',
          'outcome ok',
        ])
      })

      await context.test('what it asks of the model, too', async () => {
        const said = await say(agent, 'trigger-sampling-request', { prompt: 'What?', maxTokens: 10 })
        assert.match(said, /a sampled answer/)
      })

      await context.test('changes of a resource are heard by those who listen', async () => {
        const { resources } = await client.listResources()
        const uri = resources[0]!.uri
        const subscription = await client.listen({ resourceSubscriptions: [uri] })
        assert.deepEqual(subscription.honoredFilter, { resourceSubscriptions: [uri] })
        const heard: string[] = []
        client.setNotificationHandler(
          'notifications/resources/updated',
          ({ params }) => void heard.push(params.uri),
        )
        await say(agent, 'toggle-subscriber-updates')
        await eventually('it was heard', () => heard.length > 0)
        assert.equal(heard[0], uri)
        await subscription.close()
      })
    })
  }
}

test('a server of today that wants sessions: the reference file system', async context => {
  const require = createRequire(import.meta.url)
  const entry = dirname(require.resolve('@modelcontextprotocol/server-filesystem/package.json'))
  const folder = await mkdtemp(join(tmpdir(), 'cordon-files-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'note.txt'), 'Tide at noon.')
  const args = [join(entry, 'dist', 'index.js'), folder]
  const { urlOf } = await openProxyWorld(context, {
    files: { transport: 'stdio', command: process.execPath, args, env: {} },
  })
  const agent = await connectModernAgent(context, urlOf('files'), 'alice')
  assert.match(await say(agent, 'read_text_file', { path: join(folder, 'note.txt') }), /Tide at noon\./)
})

test('an old npm server: the database server, whose package is of 2024', async context => {
  const require = createRequire(import.meta.url)
  const entry = dirname(require.resolve('@modelcontextprotocol/server-postgres/package.json'))
  const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
  context.after(() => workplace.close())
  const { supervisor } = workplace
  const { connectionString } = await startPostgres({ supervisor, onProgress: () => undefined })
  const { urlOf, engine } = await openProxyWorld(context, {
    database: {
      transport: 'stdio',
      command: process.execPath,
      args: [join(entry, 'dist', 'index.js'), connectionString],
      env: {},
    },
  })
  const agent = await connectModernAgent(context, urlOf('database'), 'alice')
  assert.match(await say(agent, 'query', { sql: 'select 6 * 7 as answer' }), /"answer": 42/)
  const { client } = await connectOverHttp(context, urlOf('database'), 'alice')
  const { content } = await client.callTool({ name: 'query', arguments: { sql: 'select 1 as one' } })
  assert.match(JSON.stringify(content), /\\"one\\": 1/)
  await eventually('both outcomes came', () => engine.outcomes.length === 2)
  assert.deepEqual(engine.order, ['call query', 'outcome ok', 'call query', 'outcome ok'])
})
