import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseInvocationId } from '@cordon/foundation'

import type { JsonObject, RequestId, RpcRequest, RpcResponse } from '../core/json-rpc.ts'
import type { CallOutcome } from '../ports.ts'
import type { Exchange } from './exchange.ts'
import type { Exchanges } from './exchanges.ts'
import { fakeExchanges, fakeReply, fakeTimers, silentEvents } from './session-fixture.ts'
import type { FakeReply, FakeTimers } from './session-fixture.ts'
import { createTasks } from './tasks.ts'
import type { Tasks } from './tasks.ts'

interface World {
  readonly exchanges: Exchanges
  readonly timers: FakeTimers
  readonly tasks: Tasks
  readonly outcomes: readonly CallOutcome[]
  readonly givenUp: readonly RequestId[]
  readonly faults: readonly string[]
  readonly forwarded: (
    id: RequestId,
    params?: JsonObject,
  ) => { readonly exchange: Exchange; readonly reply: FakeReply }
}

const request = (id: RequestId): RpcRequest => ({
  kind: 'request',
  id,
  method: 'tools/call',
  params: { name: 'a', _meta: { progressToken: `p${id}` } },
})

const response = (id: RequestId, result: unknown = { content: [] }): RpcResponse => ({
  kind: 'response',
  id,
  result,
  error: undefined,
})

const open = (): World => {
  const timers = fakeTimers()
  const tasks = createTasks()
  const outcomes: CallOutcome[] = []
  const givenUp: RequestId[] = []
  const faults: string[] = []
  const exchanges = fakeExchanges(timers, {
    engine: { reportOutcome: read => outcomes.push(read()) },
    tasks,
    events: { ...silentEvents, upstreamFailed: (_server, { kind }) => void faults.push(kind) },
    onGivenUp: ({ id }) => givenUp.push(id),
  })
  return {
    exchanges,
    timers,
    tasks,
    outcomes,
    givenUp,
    faults,
    forwarded(id, params = {}) {
      const reply = fakeReply()
      const asked = request(id)
      const exchange = exchanges.open({ ...asked, params: { ...asked.params, ...params } }, reply)!
      exchanges.record(exchange, parseInvocationId(`call-${id}`))
      exchanges.markForwarded(exchange)
      return { exchange, reply }
    },
  }
}

const ended = ({ outcomes }: World): string[] =>
  outcomes.map(({ invocationId, outcome }) => `${invocationId} ${outcome}`)

test('an id in use is not opened twice; 1 and "1" are two', () => {
  const { exchanges, forwarded } = open()
  forwarded(1)
  assert.equal(exchanges.open(request(1), fakeReply()), undefined)
  assert.ok(exchanges.open(request('1'), fakeReply()))
  assert.equal(exchanges.findByProgress('p1')?.id, 1)
})

test('what is not admitted yet has no part in what the server says', () => {
  const { exchanges, forwarded } = open()
  const undecided = exchanges.open(request(1), fakeReply())!
  assert.deepEqual([exchanges.newest(), exchanges.findByProgress('p1')], [undefined, undefined])
  const { exchange } = forwarded(2)
  exchanges.open(request(3), fakeReply())
  assert.equal(exchanges.newest(), exchange)
  exchanges.markForwarded(undecided)
  assert.equal(exchanges.findByProgress('p1'), undecided)
})

test('an outcome is reported once', () => {
  const world = open()
  const { exchange, reply } = world.forwarded(1)
  world.exchanges.conclude(exchange, response(1), 'the text')
  assert.deepEqual(ended(world), ['call-1 ok'])
  assert.equal(world.outcomes[0]!.resultBytes, 8)
  assert.deepEqual(reply.answers, [])
  world.exchanges.conclude(exchange, response(1), 'another text')
  world.exchanges.fail(exchange, { kind: 'crashed', detail: '' })
  assert.equal(world.outcomes.length, 1)
  assert.equal(world.exchanges.size, 0)
})

test('silence is given up after the time-out; progress starts it anew', () => {
  const world = open()
  const { exchange, reply } = world.forwarded(1)
  world.timers.pass(4_000)
  world.exchanges.touch(exchange)
  world.timers.pass(4_000)
  assert.equal(reply.state, 'waiting')
  world.timers.pass(1_000)
  assert.match(reply.answers[0]!.body, /"code":-32012.*within 5000 ms/)
  assert.deepEqual(ended(world), ['call-1 timeout'])
  assert.deepEqual(world.givenUp, [1])
})

/**
 * @fault a tool server tells progress of a call for ever
 * @behaviour -32012 after CORDON_CALL_MAX_MS in all: expected an answer, got progress alone
 * @counter none: `cordon_proxy_upstream_faults_total{kind="timeout"}`, as every time-out
 */
test('a call whose server tells progress for ever ends at last', () => {
  const world = open()
  const { exchange, reply } = world.forwarded(1)
  for (let second = 0; second < 10; second += 1) {
    assert.equal(reply.state, 'waiting')
    world.timers.pass(1_000)
    world.exchanges.touch(exchange)
  }
  assert.match(
    reply.answers[0]!.body,
    /"code":-32012.*expected an answer within 10000 ms, got progress alone/,
  )
  assert.deepEqual(ended(world), ['call-1 timeout'])
  assert.deepEqual(world.givenUp, [1])
})

test('a cancelled request is dropped after a second, whatever progress it makes', () => {
  const world = open()
  const { exchange, reply } = world.forwarded(1)
  assert.equal(world.exchanges.cancel(1), true)
  world.timers.pass(900)
  world.exchanges.touch(exchange)
  world.timers.pass(100)
  assert.equal(reply.state, 'over')
  assert.deepEqual(ended(world), ['call-1 cancelled'])
})

test('a server that ends the stream of what its agent cancelled did nothing wrong, and the call was cancelled', () => {
  const world = open()
  const { exchange } = world.forwarded(1)
  const noAnswer = { kind: 'malformed', detail: 'a stream that ended before' } as const
  world.exchanges.cancel(1)
  world.exchanges.fail(exchange, noAnswer)
  assert.deepEqual([ended(world), world.faults], [['call-1 cancelled'], []])
  world.exchanges.fail(world.forwarded(2).exchange, noAnswer)
  assert.deepEqual([ended(world).at(-1), world.faults], ['call-2 error', ['malformed']])
})

test('an answer that was on its way when it was cancelled counts', () => {
  const world = open()
  const { exchange } = world.forwarded(1)
  world.exchanges.cancel(1)
  world.exchanges.conclude(exchange, response(1), 'text')
  world.timers.pass(10_000)
  assert.deepEqual(ended(world), ['call-1 ok'])
})

test('what is cancelled before it is forwarded does not concern the server', () => {
  const { exchanges } = open()
  const exchange = exchanges.open(request(1), fakeReply())!
  assert.equal(exchanges.cancel(1), false)
  assert.equal(exchange.cancelled, true)
})

test('a call that is allowed after its session ended is reported as cancelled and not forwarded', () => {
  const world = open()
  const reply = fakeReply()
  const exchange = world.exchanges.open(request(1), reply)!
  world.exchanges.failAll({ kind: 'session_ended', detail: 'over' }, 'cancelled')
  assert.deepEqual(world.outcomes, [])
  assert.equal(world.exchanges.record(exchange, parseInvocationId('late')), false)
  assert.deepEqual(ended(world), ['late cancelled'])
})

test('a call that goes on as a task is reported with the result of the task', () => {
  const world = open()
  const { exchange } = world.forwarded(1, { task: {} })
  world.exchanges.conclude(exchange, response(1, { task: { taskId: 't' } }), 'text')
  assert.deepEqual(world.outcomes, [])
  const result = world.forwarded(2).exchange
  result.invocationId = world.tasks.take('t')
  world.exchanges.conclude(result, response(2, { content: [], isError: true }), 'text')
  assert.deepEqual(ended(world), ['call-1 error'])
  assert.equal(world.tasks.take('t'), undefined)
})

test('rejects a result that calls itself a task: its outcome is reported at once', () => {
  const world = open()
  const task = { taskId: 't' }
  world.exchanges.conclude(world.forwarded(1).exchange, response(1, { task }), 'text')
  const asked = world.forwarded(2, { task: {} }).exchange
  world.exchanges.conclude(asked, response(2, { content: [], task }), 'text')
  assert.deepEqual(ended(world), ['call-1 ok', 'call-2 ok'])
  assert.deepEqual(world.tasks.takeAll(), [])
})

test('a resumed stream may repeat the very answer that was given, and no other', () => {
  const { exchanges, forwarded } = open()
  const { exchange } = forwarded(1)
  exchanges.conclude(exchange, response(1), 'given')
  assert.equal(exchanges.toldBefore(1, 'given'), 'given')
  assert.equal(exchanges.toldBefore(1, 'another'), undefined)
  for (let id = 2; id <= 40; id += 1) exchanges.conclude(forwarded(id).exchange, response(id), 'x')
  assert.equal(exchanges.toldBefore(1, 'given'), undefined)
})

test('a resumed stream repeats what the agent was told, and not what was kept from it', () => {
  const { exchanges, forwarded } = open()
  const { exchange } = forwarded(1)
  exchange.screen = ({ kind, id, error }) => ({ kind, id, error, result: { tools: [] } })
  const text = '{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"withheld"}]}}'
  const told = '{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}'
  assert.equal(exchanges.conclude(exchange, response(1), text), told)
  assert.equal(exchanges.toldBefore(1, text), told)
  assert.equal(exchanges.toldBefore(1, told), undefined)
})

test('an agent that hung up changes nothing: its call goes on and is reported', () => {
  const world = open()
  const { exchange, reply } = world.forwarded(1)
  reply.hangUp()
  assert.equal(exchange.state, 'forwarded')
  world.exchanges.conclude(exchange, response(1), 'text')
  assert.deepEqual(ended(world), ['call-1 ok'])
})

test('of more than 1,000 tasks the oldest is reported as cancelled: its result would be on nobody’s record', () => {
  const world = open()
  for (let id = 0; id <= 1_000; id += 1) {
    const exchange = world.exchanges.open({ ...request(id), params: { name: 'a', task: {} } }, fakeReply())!
    world.exchanges.record(exchange, parseInvocationId(`call-${id}`))
    world.exchanges.markForwarded(exchange)
    const task = response(id, { task: { taskId: `task-${id}`, status: 'working' } })
    world.exchanges.conclude(exchange, task, 'text')
  }
  assert.deepEqual(ended(world), ['call-0 cancelled'])
})
