import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonObject, RpcRequest, RpcResponse } from '../../core/json-rpc.ts'
import type { Exchange } from '../../session/exchange.ts'
import { createExchange } from '../../session/exchange.ts'
import type { FakeReply, FakeTimers } from '../../session/session-fixture.ts'
import { fakeReply, fakeTimers } from '../../session/session-fixture.ts'
import type { AgentQuestions } from './agent-questions.ts'
import { createAgentQuestions } from './agent-questions.ts'

interface World {
  readonly questions: AgentQuestions
  readonly timers: FakeTimers
  readonly exchange: Exchange
  readonly reply: FakeReply
  /** The params of the calls that were made again. */
  readonly retried: readonly JsonObject[]
  readonly failed: readonly JsonObject[]
}

const call: RpcRequest = { kind: 'request', id: 1, method: 'tools/call', params: { name: 'transfer' } }

const response = (result: JsonObject): RpcResponse => ({ kind: 'response', id: 1, result, error: undefined })

const asking = response({
  resultType: 'input_required',
  inputRequests: { sure: { method: 'elicitation/create', params: { message: 'Sure?' } } },
  requestState: 's',
})

const answered = (result: unknown, error?: unknown): RpcResponse => ({
  kind: 'response',
  id: 'cordon-question-1',
  result,
  error,
})

const open = (): World => {
  const timers = fakeTimers()
  const reply = fakeReply()
  const exchange = createExchange(call, reply, call.id)
  exchange.state = 'forwarded'
  const retried: JsonObject[] = []
  const failed: JsonObject[] = []
  const questions = createAgentQuestions({
    timers,
    retry: (_, { params }) => retried.push(params),
    fail: (_, error) => failed.push(error),
  })
  return { questions, timers, exchange, reply, retried, failed }
}

test('what is no question is none', () => {
  const { questions, exchange } = open()
  assert.equal(questions.ask(exchange, call, response({ resultType: 'complete', content: [] })), false)
})

test('a question is a request of the agent, and its answer makes the call again', () => {
  const { questions, exchange, reply, retried } = open()
  assert.equal(questions.ask(exchange, call, asking), true)
  assert.deepEqual(JSON.parse(reply.streamed[0]!), {
    jsonrpc: '2.0',
    id: 'cordon-question-1',
    method: 'elicitation/create',
    params: { message: 'Sure?' },
  })
  assert.deepEqual(retried, [])
  assert.equal(questions.answer(answered({ action: 'accept' })), true)
  assert.deepEqual(retried, [
    { name: 'transfer', requestState: 's', inputResponses: { sure: { action: 'accept' } } },
  ])
  assert.equal(questions.answer(answered({ action: 'accept' })), false)
})

test('an agent that cannot answer fails the call', () => {
  const { questions, exchange, retried, failed } = open()
  questions.ask(exchange, call, asking)
  questions.answer(answered(undefined, { code: -32_601, message: 'Method not found' }))
  assert.match(String(failed[0]!['message']), /expected an answer .* got an error/)
  assert.deepEqual(retried, [])
})

test('a server that asks nothing is asked again a little later, unless nobody waits any more', () => {
  const { questions, timers, exchange, retried } = open()
  const later = response({ resultType: 'input_required', requestState: 's' })
  questions.ask(exchange, call, later)
  timers.pass(250)
  assert.deepEqual(retried, [{ name: 'transfer', requestState: 's' }])
  questions.ask(exchange, call, later)
  exchange.state = 'over'
  timers.pass(250)
  assert.equal(retried.length, 1)
})

test('a server that asks without end is cut off after ten rounds', () => {
  const { questions, exchange, failed } = open()
  for (let round = 0; round < 10; round += 1) questions.ask(exchange, call, asking)
  assert.deepEqual(failed, [])
  questions.ask(exchange, call, asking)
  assert.match(String(failed[0]!['message']), /after 10 rounds/)
})
