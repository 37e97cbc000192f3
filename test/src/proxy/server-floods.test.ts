import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  CreateMessageRequestSchema,
  LoggingMessageNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import { openTalkativeWorld, say, transports } from './talkative-world.ts'

for (const transport of transports) {
  /**
   * @input a tool server that asks its agent 200 things at once
   * @behaviour 64 reach the agent, the others are answered with -32013
   * @counter cordon_proxy_server_messages_dropped_total{cause="too_many_open"}
   */
  test(`${transport}: a server that floods its agent with requests is answered by the proxy`, async context => {
    const { client, telemetry } = await openTalkativeWorld(context, transport)
    const counted = Promise.withResolvers<void>()
    let asked = 0
    client.setRequestHandler(CreateMessageRequestSchema, async () => {
      asked += 1
      await counted.promise
      return { role: 'assistant', model: 'test-model', content: { type: 'text', text: 'Enough.' } }
    })
    const call = say(client, 'ask-200-times')
    await eventually('136 were refused', async () =>
      /cordon_proxy_server_messages_dropped_total\{cause="too_many_open"\} 136/.test(
        await telemetry.metrics(),
      ),
    )
    counted.resolve()
    assert.equal(await call, '64 answered, 136 refused with -32013')
    assert.equal(asked, 64)
  })

  /**
   * @input a tool server that sends its agent a request that MCP does not have servers send
   * @behaviour the server is answered with -32601, the agent sees nothing of it
   * @counter cordon_proxy_server_messages_dropped_total{cause="method_unknown"}
   */
  test(`${transport}: rejects a server’s request to run a tool of the agent`, async context => {
    const { client, telemetry } = await openTalkativeWorld(context, transport)
    const seen: string[] = []
    client.fallbackRequestHandler = ({ method }) => {
      seen.push(method)
      return Promise.resolve({})
    }
    assert.equal(await say(client, 'ask-the-unknown'), '-32601')
    assert.deepEqual(seen, [])
    assert.match(
      await telemetry.metrics(),
      /cordon_proxy_server_messages_dropped_total\{cause="method_unknown"\} 1/,
    )
  })

  /**
   * @input an agent's response to a request that no tool server sent
   * @behaviour 202, and it is not forwarded
   * @counter cordon_proxy_unasked_responses_total
   */
  test(`${transport}: rejects a forged answer to a server’s question`, async context => {
    const { client, http, telemetry, urlOf } = await openTalkativeWorld(context, transport)
    const { status } = await fetch(urlOf('talkative'), {
      method: 'POST',
      headers: {
        authorization: 'DPoP alice',
        dpop: 'proof',
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        'mcp-session-id': http!.sessionId!,
      },
      body: '{"jsonrpc":"2.0","id":7,"result":{"action":"accept"}}',
    })
    assert.equal(status, 202)
    assert.match(await telemetry.metrics(), /cordon_proxy_unasked_responses_total 1/)
    // The official server complains of an answer to nothing, where it gets one.
    assert.equal(await say(client, 'seen'), '{"cancelled":0,"errors":0}')
  })

  test(`${transport}: 5,000 notifications arrive in their order, and hold up no other session`, async context => {
    const { client, urlOf } = await openTalkativeWorld(context, transport)
    const other = await connectOverHttp(context, urlOf('talkative'), 'bob')
    const things: unknown[] = []
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
      things.push(params.data)
    })
    const flood = say(client, 'say-5000-things')
    for (let call = 0; call < 10; call += 1) assert.equal(await say(other.client, 'finish-soon'), 'finished')
    assert.equal(await flood, 'said')
    await eventually('all came', () => things.length === 5_000)
    assert.deepEqual(
      things,
      Array.from({ length: 5_000 }, (_, index) => index),
    )
  })
}
