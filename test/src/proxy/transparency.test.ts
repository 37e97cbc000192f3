import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js'

import { eventually } from '../support/eventually.ts'
import type { Agent } from './agent.ts'
import { connectDirectly, connectOverHttp } from './agent.ts'
import { everythingOnStdio, openProxyWorld, startEverythingOverHttp } from './proxy-world.ts'

interface Pair {
  readonly direct: Agent
  readonly proxied: Agent
}

/** The reference server spoken to directly and through the proxy. */
const ways: Readonly<Record<string, (test: TestContext) => Promise<Pair>>> = {
  async stdio(test) {
    const { urlOf } = await openProxyWorld(test, everythingOnStdio)
    return {
      direct: await connectDirectly(test),
      proxied: await connectOverHttp(test, urlOf('everything'), 'alice'),
    }
  },
  async http(test) {
    const url = await startEverythingOverHttp(test)
    const { urlOf } = await openProxyWorld(test, { everything: { transport: 'http', url, headers: {} } })
    return {
      direct: await connectOverHttp(test, new URL(url)),
      proxied: await connectOverHttp(test, urlOf('everything'), 'alice'),
    }
  },
}

/** What a test does with either client; the answers have to be the same. */
const questions: Readonly<Record<string, (agent: Agent) => Promise<unknown>>> = {
  'the server itself': ({ client }) =>
    Promise.resolve([client.getServerVersion(), client.getServerCapabilities(), client.getInstructions()]),
  tools: async ({ client }) => {
    // Some are registered only after `initialized`, without a word when.
    await eventually('all tools are there', async () => (await client.listTools()).tools.length > 15)
    return client.listTools()
  },
  'a tool call': ({ client }) =>
    client.callTool({ name: 'echo', arguments: { message: 'grüße, 世界 \u{1f98a}' } }),
  'a tool that fails': ({ client }) => client.callTool({ name: 'get-sum', arguments: { a: 'no number' } }),
  'an unknown tool': ({ client }) => client.callTool({ name: 'no-such-tool', arguments: {} }),
  'structured content': ({ client }) =>
    client.callTool({ name: 'get-structured-content', arguments: { location: 'Chicago' } }),
  'an image': ({ client }) => client.callTool({ name: 'get-tiny-image', arguments: {} }),
  resources: async ({ client }) => [await client.listResources(), await client.listResourceTemplates()],
  'a resource': async ({ client }) => {
    const { resources } = await client.listResources()
    return client.readResource({ uri: resources[0]!.uri })
  },
  prompts: async ({ client }) => [
    await client.listPrompts(),
    await client.getPrompt({ name: 'args-prompt', arguments: { city: 'Bern', state: 'BE' } }),
  ],
  completion: ({ client }) =>
    client.complete({
      ref: { type: 'ref/prompt', name: 'completable-prompt' },
      argument: { name: 'department', value: 'E' },
    }),
  'a subscription': async ({ client }) => {
    const { resources } = await client.listResources()
    await client.setLoggingLevel('debug')
    return client.subscribeResource({ uri: resources[0]!.uri })
  },
  ping: ({ client }) => client.ping(),
  'progress, before the answer': async ({ client }) => {
    const progress: unknown[] = []
    const request = { name: 'trigger-long-running-operation', arguments: { duration: 0.5, steps: 5 } }
    const result = await client.callTool(request, undefined, {
      onprogress: step => void progress.push(step),
    })
    // The client drops the last step where it reads it together with the answer.
    return { progress: progress.slice(0, 4), result }
  },
  'a question of the server to the agent': ({ client }) =>
    client.callTool({ name: 'trigger-sampling-request', arguments: { prompt: 'hello', maxTokens: 10 } }),
  'another question of the server': async ({ client }) => {
    await eventually('the roots were asked for', async () => {
      const { content } = await client.callTool({ name: 'get-roots-list', arguments: {} })
      return JSON.stringify(content).includes('file:///work')
    })
    return client.callTool({ name: 'get-roots-list', arguments: {} })
  },
  // The last one: after an error the official client resumes the finished stream a second later, and the reference server
  // then repeats whatever it says meanwhile, on either way.
  'an unknown prompt': ({ client }) => client.getPrompt({ name: 'no-such-prompt' }).catch(String),
}

for (const [way, open] of Object.entries(ways)) {
  test(`${way}: what the official client sees is what it sees without the proxy`, async context => {
    const { direct, proxied } = await open(context)
    for (const [name, ask] of Object.entries(questions)) {
      await context.test(name, async () => {
        assert.deepEqual(await ask(proxied), await ask(direct))
      })
    }
  })

  test(`${way}: notifications that nobody asked for arrive`, async context => {
    const { proxied } = await open(context)
    const levels: string[] = []
    proxied.client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
      levels.push(params.level)
    })
    await proxied.client.setLoggingLevel('debug')
    await proxied.client.callTool({ name: 'toggle-simulated-logging', arguments: {} })
    await eventually('a log message came', () => levels.length > 0)
  })
}
