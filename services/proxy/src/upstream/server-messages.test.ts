import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { RpcNotification, RpcRequest } from '../core/json-rpc.ts'
import { fakeTimers, silentEvents } from '../session/session-fixture.ts'
import type { FakeTimers } from '../session/session-fixture.ts'
import type { ServerMessages } from './server-messages.ts'
import { createServerMessages } from './server-messages.ts'

interface World {
  readonly messages: ServerMessages
  readonly timers: FakeTimers
  /** What the server was answered in the agent's place, by id and code. */
  readonly answers: readonly string[]
  readonly counted: readonly string[]
}

const open = (): World => {
  const timers = fakeTimers()
  const answers: string[] = []
  const counted: string[] = []
  const messages = createServerMessages({
    timers,
    callTimeoutMs: 5_000,
    events: {
      ...silentEvents,
      serverMessageRefused: cause => void counted.push(cause),
      responseUnasked: () => void counted.push('unasked'),
    },
    answer(text) {
      const { id, error } = JSON.parse(text) as { id: string; error: { code: number } }
      answers.push(`${id} ${error.code}`)
    },
  })
  return { messages, timers, answers, counted }
}

const question = (id: number, method = 'sampling/createMessage'): RpcRequest => ({
  kind: 'request',
  id,
  method,
  params: {},
})
const said = (method: string, params = {}): RpcNotification => ({ kind: 'notification', method, params })

const isSettled = ({ messages }: World, id: number): boolean =>
  messages.settles({ kind: 'response', id, result: {}, error: undefined })

test('what no protocol has a server ask or say does not reach the agent', () => {
  const { messages, answers, counted } = open()
  for (const method of ['tools/call', 'Sampling/createMessage', 'sampling/createMessage ', 'initialize']) {
    assert.equal(messages.passes(question(1, method)), false, method)
  }
  assert.deepEqual(answers, ['1 -32601', '1 -32601', '1 -32601', '1 -32601'])
  // As a notification it has no answer, and a request is no notification.
  assert.equal(messages.passes(said('notifications/initialized')), false)
  assert.equal(messages.passes(said('sampling/createMessage')), false)
  assert.equal(answers.length, 4)
  assert.deepEqual(counted, Array<string>(6).fill('method_unknown'))
  assert.equal(messages.passes(said('notifications/tools/list_changed')), true)
})

test('of a flood of requests 64 are open at once; the others are answered here', () => {
  const world = open()
  const { messages, answers, counted } = world
  for (let id = 1; id <= 64; id += 1) assert.equal(messages.passes(question(id)), true)
  assert.equal(messages.passes(question(65)), false)
  assert.deepEqual(answers, ['65 -32013'])
  assert.deepEqual(counted, ['too_many_open'])
  assert.equal(messages.passes(question(64)), true, 'a stream that is resumed repeats it')
  assert.equal(isSettled(world, 1), true)
  assert.equal(messages.passes(question(66)), true)
})

test('a question that its server gave up, or nobody answered for long, makes room', () => {
  const { messages, timers } = open()
  for (let id = 1; id <= 64; id += 1) messages.passes(question(id))
  messages.passes(said('notifications/cancelled', { requestId: 1 }))
  assert.equal(messages.passes(question(65)), true)
  assert.equal(messages.passes(question(66)), false)
  timers.pass(5_000)
  assert.equal(messages.passes(question(67)), true)
})

test('rejects a response to what was never asked, was answered before, or was given up', () => {
  const world = open()
  world.messages.passes(question(1))
  world.messages.passes(question(2))
  world.messages.passes(said('notifications/cancelled', { requestId: 2 }))
  assert.deepEqual(
    [1, 1, 2, 3].map(id => isSettled(world, id)),
    [true, false, false, false],
  )
  assert.deepEqual(world.counted, ['unasked', 'unasked', 'unasked'])
})
