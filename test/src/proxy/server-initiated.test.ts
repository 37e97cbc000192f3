import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  ElicitRequestSchema,
  PromptListChangedNotificationSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'

import { eventually } from '../support/eventually.ts'
import { manualTimers } from './manual-timers.ts'
import { openTalkativeWorld, say, transports } from './talkative-world.ts'

for (const transport of transports) {
  test(`${transport}: ping, roots, sampling and elicitation within a call are answered by its agent`, async context => {
    const { client } = await openTalkativeWorld(context, transport)
    // As the agent of the tests answers them.
    assert.equal(await say(client, 'ask-everything'), 'file:///work test-model decline')
  })

  test(`${transport}: changed lists and subscribed resources are told, and no others`, async context => {
    const { client } = await openTalkativeWorld(context, transport)
    const told: string[] = []
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => void told.push('tools'))
    client.setNotificationHandler(PromptListChangedNotificationSchema, () => void told.push('prompts'))
    client.setNotificationHandler(ResourceListChangedNotificationSchema, () => void told.push('resources'))
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
      told.push(params.uri)
    })
    await client.subscribeResource({ uri: 'test://watched' })
    await client.subscribeResource({ uri: 'test://left' })
    await client.unsubscribeResource({ uri: 'test://left' })
    await say(client, 'say-all-changed')
    await eventually('all was told', () => told.length === 4)
    assert.deepEqual(told.toSorted(), ['prompts', 'resources', 'test://watched', 'tools'])
  })

  test(`${transport}: a server that gives up its question tells the agent, whose answer then goes nowhere`, async context => {
    const { client } = await openTalkativeWorld(context, transport)
    // The official client takes no cancellation of the request with the id 0, which is the first one.
    await say(client, 'ask-everything')
    const given = Promise.withResolvers<void>()
    client.setRequestHandler(ElicitRequestSchema, async (_, { signal }) => {
      signal.addEventListener('abort', () => given.resolve())
      await given.promise
      return { action: 'accept' }
    })
    // -32001: the official server's own time-out.
    assert.equal(await say(client, 'ask-impatiently'), '-32001')
    await given.promise
    assert.equal(await say(client, 'seen'), '{"cancelled":0,"errors":0}')
  })

  test(`${transport}: an agent that cancels its call stops the server’s work on it`, async context => {
    const { client, engine } = await openTalkativeWorld(context, transport)
    const cancel = new AbortController()
    const call = say(client, 'wait-for-ever', { signal: cancel.signal })
    await eventually('it was judged', () => engine.calls.length === 1)
    // Judged is not yet forwarded; a call that answers was forwarded after it.
    await say(client, 'seen')
    cancel.abort('changed its mind')
    await assert.rejects(call, /changed its mind/)
    await eventually('the server stopped', async () =>
      (await say(client, 'seen')).startsWith('{"cancelled":1'),
    )
    await eventually('its outcome came', () => engine.outcomes.some(({ outcome }) => outcome === 'cancelled'))
  })

  test(`${transport}: an agent that hangs up in the middle of a call cancels nothing: its outcome is reported`, async context => {
    const { engine, http, urlOf } = await openTalkativeWorld(context, transport)
    const hangUp = new AbortController()
    const request = fetch(urlOf('talkative'), {
      method: 'POST',
      headers: {
        authorization: 'DPoP alice',
        dpop: 'proof',
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        'mcp-session-id': http!.sessionId!,
      },
      body: '{"jsonrpc":"2.0","id":"left","method":"tools/call","params":{"name":"finish-soon"}}',
      signal: hangUp.signal,
    })
    await eventually('it was judged', () => engine.calls.length === 1)
    hangUp.abort()
    await assert.rejects(async () => (await request).text())
    await eventually('its outcome came', () => engine.outcomes.length === 1)
    assert.equal(engine.outcomes[0]!.outcome, 'ok')
  })

  test(`${transport}: a call that goes on for many time-outs lives as long as it says how far it is`, async context => {
    const timers = manualTimers()
    const callTimeoutMs = 1_000
    const { client } = await openTalkativeWorld(context, transport, { callTimeoutMs, timers })
    const steps: number[] = []
    const call = say(client, 'take-steps-when-told', {
      onprogress: ({ progress }) => void steps.push(progress),
    })
    for (let step = 1; step <= 20; step += 1) {
      await eventually(`step ${step}`, () => steps.at(-1) === step)
      timers.pass(callTimeoutMs - 1)
      assert.equal(await say(client, 'go-on'), 'told')
    }
    assert.equal(await call, 'arrived')
  })
}
