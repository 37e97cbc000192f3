import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { RpcRequest } from '../core/json-rpc.ts'
import type { EventSink, HttpAnswer, HttpCall } from '../ports.ts'
import type { FakeReply } from '../session/session-fixture.ts'
import { fakeExchanges, fakeReply, fakeTimers, silentEvents, settled } from '../session/session-fixture.ts'
import { openHttpUpstream } from './http-upstream.ts'

interface World {
  /** Where the call's own answer would go. */
  readonly reply: FakeReply
  /** The stream that the agent listens on. */
  readonly stream: FakeReply
  /** The server says something on that stream. */
  readonly say: (message: object) => void
}

/** A call is open, and its agent listens. @param answer of the server to the call */
const open = async (answer: HttpAnswer | undefined): Promise<World> => {
  const timers = fakeTimers()
  const sinks: EventSink[] = []
  const streaming: HttpAnswer = {
    status: 200,
    mediaType: 'text/event-stream',
    mcpSessionId: undefined,
    text: () => Promise.resolve(''),
    events: sink => void sinks.push(sink),
    resume: () => undefined,
    discard: () => undefined,
  }
  const exchanges = fakeExchanges(timers)
  const upstream = openHttpUpstream({
    name: 'bank',
    server: { transport: 'http', url: 'http://bank.example/mcp', headers: {} },
    servers: {
      send: ({ method }: HttpCall) => ({
        answer: method === 'GET' ? Promise.resolve(streaming) : answerOf(answer),
        abort: () => undefined,
      }),
    },
    exchanges,
    observer: { onGone: () => undefined },
    events: silentEvents,
    timers,
    callTimeoutMs: 5_000,
  })
  const reply = fakeReply()
  const stream = fakeReply()
  const request: RpcRequest = { kind: 'request', id: 1, method: 'tools/call', params: { name: 'pay' } }
  const exchange = exchanges.open(request, reply)!
  exchanges.markForwarded(exchange)
  upstream.request(exchange, '', {})
  upstream.listen(stream, {})
  await settled()
  return {
    reply,
    stream,
    say: message => void sinks[0]!.take({ data: JSON.stringify({ jsonrpc: '2.0', ...message }) }),
  }
}

/** None: it never comes. */
const answerOf = (answer: HttpAnswer | undefined): Promise<HttpAnswer> =>
  answer === undefined ? Promise.withResolvers<HttpAnswer>().promise : Promise.resolve(answer)

const response = { id: 1, result: { content: [] } }

test('a call that its server answers on another stream keeps nobody waiting', async () => {
  const { reply, stream, say } = await open(undefined)
  say(response)
  assert.deepEqual([reply.state, stream.streamed.length], ['over', 1])
})

test('a call that its server answers on another stream, in the middle of an answer, keeps nobody waiting', async () => {
  const text = Promise.withResolvers<string>()
  const { reply, stream, say } = await open({
    status: 200,
    mediaType: 'application/json',
    mcpSessionId: undefined,
    text: () => text.promise,
    events: () => undefined,
    resume: () => undefined,
    discard: () => text.resolve('{'),
  })
  say(response)
  await settled()
  assert.deepEqual([reply.state, stream.streamed.length], ['over', 1])
})
