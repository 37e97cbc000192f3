import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonObject, RequestId, RpcRequest } from '../../core/json-rpc.ts'
import type { Exchange } from '../../session/exchange.ts'
import type { Exchanges } from '../../session/exchanges.ts'
import type { FakeReply, FakeTimers } from '../../session/session-fixture.ts'
import { fakeExchanges, fakeReply, fakeTimers } from '../../session/session-fixture.ts'
import type { HeldCalls } from './held-calls.ts'
import { createHeldCalls } from './held-calls.ts'

interface World {
  readonly held: HeldCalls
  readonly exchanges: Exchanges
  readonly timers: FakeTimers
  /** What the server was answered, and which calls were cancelled there. */
  readonly said: readonly unknown[]
  readonly cancelled: readonly RequestId[]
  readonly begin: (request: RpcRequest, id: RequestId) => Opened
  readonly retry: (params: JsonObject, id: RequestId) => Opened
}

interface Opened {
  readonly exchange: Exchange
  readonly reply: FakeReply
}

const transfer: RpcRequest = {
  kind: 'request',
  id: 1,
  method: 'tools/call',
  params: { name: 'transfer', arguments: { to: 'x' } },
}

const question: RpcRequest = {
  kind: 'request',
  id: 'q',
  method: 'elicitation/create',
  params: { message: 'Sure?' },
}

const yes = { inputResponses: { question: { action: 'accept' } } }

const open = (): World => {
  const timers = fakeTimers()
  const said: unknown[] = []
  const cancelled: RequestId[] = []
  let states = 0
  const exchanges = fakeExchanges(timers)
  const held = createHeldCalls({
    exchanges,
    timers,
    holdMs: 60_000,
    newState: () => `state-${(states += 1)}`,
    reply: ({ id }, answer, saidAs) => said.push([id, answer, ...(saidAs ? [saidAs] : [])]),
    cancel: id => cancelled.push(id),
  })
  const openExchange = (request: RpcRequest, id: RequestId): Opened => {
    const reply = fakeReply()
    const exchange = exchanges.open(request, reply, id)!
    exchanges.markForwarded(exchange)
    return { exchange, reply }
  }
  return {
    held,
    exchanges,
    timers,
    said,
    cancelled,
    begin(request, id) {
      const opened = openExchange(request, id)
      held.begin(opened.exchange, request)
      return opened
    },
    retry(params, id) {
      const request = { ...transfer, id: 2, params: { ...transfer.params, ...params } }
      const opened = openExchange(request, held.heldId(request) ?? id)
      held.resume(opened.exchange, request)
      return opened
    },
  }
}

test('a question is the result of the call, and the retry its answer', () => {
  const { held, begin, retry, said, exchanges } = open()
  const { reply } = begin(transfer, 'call-1')
  assert.equal(held.ask(question, 'call-1'), true)
  assert.deepEqual(JSON.parse(reply.answers[0]!.body), {
    jsonrpc: '2.0',
    id: 1,
    result: {
      resultType: 'input_required',
      inputRequests: { question: { method: 'elicitation/create', params: { message: 'Sure?' } } },
      requestState: 'state-1',
    },
  })
  const { exchange } = retry({ ...yes, requestState: 'state-1' }, 'call-2')
  const saidAs = { inputResponse: { name: 'question', requestState: 'state-1' } }
  assert.deepEqual(said, [['q', { result: { action: 'accept' } }, saidAs]])
  assert.equal(exchange.id, 'call-1')
  assert.equal(exchanges.find('call-1'), exchange)
})

test('rejects the state of one call with the arguments of another', () => {
  const { held, begin, retry, said } = open()
  begin(transfer, 'call-1')
  held.ask(question, 'call-1')
  const stolen = { ...yes, requestState: 'state-1', arguments: { to: 'mallory' } }
  assert.match(retry(stolen, 'call-2').reply.answers[0]!.body, /"id":2,"error":\{"code":-32602/)
  assert.deepEqual(said, [])
  // The call that was asked for can still be gone on with.
  assert.equal(retry({ ...yes, requestState: 'state-1' }, 'call-3').exchange.state, 'forwarded')
})

test('rejects a state that was used, guessed, or comes without an answer', () => {
  const { held, begin, retry } = open()
  begin(transfer, 'call-1')
  held.ask(question, 'call-1')
  const says = /expected the same call with the requestState/
  assert.match(retry({ requestState: 'state-1' }, 'call-2').reply.answers[0]!.body, says)
  retry({ ...yes, requestState: 'state-1' }, 'call-3')
  assert.match(retry({ ...yes, requestState: 'state-1' }, 'call-4').reply.answers[0]!.body, says)
  assert.match(retry({ ...yes, requestState: 'guessed' }, 'call-5').reply.answers[0]!.body, says)
})

test('what the server asks while another question is out is asked next', () => {
  const { held, begin, retry } = open()
  begin(transfer, 'call-1')
  held.ask(question, 'call-1')
  held.ask({ ...question, id: 'r', params: { message: 'Really?' } }, 'call-1')
  const { reply } = retry({ ...yes, requestState: 'state-1' }, 'call-2')
  assert.match(reply.answers[0]!.body, /"Really\?".*"state-2"/)
})

test('an answer that came before the retry is kept for it', () => {
  const { held, begin, retry } = open()
  begin(transfer, 'call-1')
  held.ask(question, 'call-1')
  assert.equal(held.keep({ kind: 'response', id: 'call-1', result: { content: [] }, error: undefined }), true)
  const { reply } = retry({ ...yes, requestState: 'state-1' }, 'call-2')
  assert.match(reply.answers[0]!.body, /"id":2,"result":\{"content":\[\],"resultType":"complete"\}/)
})

test('a question that could be of two calls is asked of nobody', () => {
  const { held, begin } = open()
  begin(transfer, 'call-1')
  begin({ ...transfer, id: 2 }, 'call-2')
  assert.equal(held.ask(question, undefined), false)
})

test('a question outside of a call, or in one that has ended, is asked of nobody', () => {
  const { held, begin, exchanges } = open()
  assert.equal(held.ask(question, undefined), false)
  const { exchange } = begin(transfer, 'call-1')
  exchanges.drop(exchange, 'cancelled')
  assert.equal(held.ask(question, 'call-1'), false)
})

test('a call whose agent does not come back is given up, and its server told', () => {
  const { held, begin, timers, said, cancelled } = open()
  begin(transfer, 'call-1')
  held.ask(question, 'call-1')
  timers.pass(60_000)
  assert.deepEqual(cancelled, ['call-1'])
  assert.match(JSON.stringify(said), /The client gave no answer/)
})

test('of a session that may not go on the held calls are given up, once, and none that its server is at work on', () => {
  const { held, begin, timers, cancelled, retry } = open()
  begin(transfer, 'call-1')
  begin({ ...transfer, id: 2 }, 'call-2')
  held.ask(question, 'call-1')
  held.giveUp()
  timers.pass(60_000)
  assert.deepEqual(cancelled, ['call-1'])
  const { reply } = retry({ ...yes, requestState: 'state-1' }, 'call-3')
  assert.match(reply.answers[0]!.body, /-32602/)
})
