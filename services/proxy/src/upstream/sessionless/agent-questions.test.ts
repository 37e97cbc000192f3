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
  readonly refused: readonly string[]
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
  const refused: string[] = []
  const questions = createAgentQuestions({
    timers,
    retry: (_, { params }) => retried.push(params),
    fail: (_, error) => failed.push(error),
    onRefused: cause => refused.push(cause),
  })
  return { questions, timers, exchange, reply, retried, failed, refused }
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

/**
 * @input a stateless tool server whose answer asks an agent in a session for a request that MCP does not have servers send
 * @behaviour the call fails with -32011: expected questions that MCP servers ask; the agent sees nothing of it
 * @counter none: `cordon_proxy_server_messages_dropped_total{cause="method_unknown"}`, as of every server
 */
test('rejects a question that is a request to run a tool of the agent', () => {
  const { questions, exchange, reply, failed, refused } = open()
  const inputRequests = { a: { method: 'roots/list' }, b: { method: 'tools/call', params: { name: 'pay' } } }
  assert.equal(questions.ask(exchange, call, response({ resultType: 'input_required', inputRequests })), true)
  assert.match(String(failed[0]!['message']), /expected questions that MCP servers ask, got another/)
  assert.deepEqual([reply.streamed, refused], [[], ['method_unknown']])
})

/**
 * @input a stateless tool server whose answer asks an agent in a session 65 things at once
 * @behaviour the call fails with -32011: expected at most 64 questions; the agent sees none of them
 * @counter none: `cordon_proxy_server_messages_dropped_total{cause="too_many_open"}`, as of every server
 */
test('rejects a flood of questions', () => {
  const { questions, exchange, reply, failed, refused } = open()
  const inputRequests = Object.fromEntries(
    Array.from({ length: 65 }, (_, index) => [`q${index}`, { method: 'roots/list' }]),
  )
  questions.ask(exchange, call, response({ resultType: 'input_required', inputRequests }))
  assert.match(String(failed[0]!['message']), /expected at most 64 questions/)
  assert.deepEqual([reply.streamed, refused], [[], ['too_many_open']])
})
