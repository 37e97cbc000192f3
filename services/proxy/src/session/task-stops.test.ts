import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseInvocationId } from '@cordon/foundation'

import { lengthReader, silentEvents, fakeTimers, settled } from './session-fixture.ts'
import { createTaskStops } from './task-stops.ts'
import type { RunningTask } from './tasks.ts'

const taskOf = (name: string): RunningTask => ({
  taskId: name,
  invocationId: parseInvocationId(`call-${name}`),
  tool: 'pay',
})

/** @param answered when the server answers each message */
const open = (answered: () => Promise<void>) => {
  const order: string[] = []
  const timers = fakeTimers()
  const stops = createTaskStops({
    engine: {
      vouch({ method, invocationId, content }) {
        order.push(`ask ${method} ${invocationId} ${JSON.stringify(content)}`)
        return Promise.resolve({ vouched: false, nonce: 'n', downstreamToken: `for-${invocationId}` })
      },
      reportOutcome(read) {
        const { invocationId, outcome } = read()
        order.push(`${invocationId} ${outcome}`)
      },
    },
    results: lengthReader,
    events: silentEvents,
    timers,
    connection: () => ({ token: 't', server: 'bank' }),
    tell(text, headers) {
      order.push(`tell ${text} ${headers['cordon-call-token']}`)
      return answered()
    },
    newId: () => 'unguessable',
  })
  return { stops, order, timers }
}

test('a task is stopped with a token for that, asked for while its call is open, by an id that no agent can guess', async () => {
  const { stops, order } = open(() => Promise.resolve())
  const before = stops.underWay
  assert.equal(before, undefined)
  stops.stop([taskOf('a')])
  await stops.underWay
  assert.deepEqual(order, [
    'ask tasks/cancel call-a {"taskId":"a"}',
    'call-a cancelled',
    'tell {"jsonrpc":"2.0","id":"unguessable","method":"tasks/cancel","params":{"taskId":"a"}} for-call-a',
  ])
})

/**
 * @fault a tool server does not answer when it is told to stop the tasks of a session that may not go on
 * @behaviour four are told of at a time, none after 2 s; all are on record as cancelled, and the end of the MCP session waits no longer
 * @counter none: the calls are on record
 */
test('a server that does not answer is not told of all tasks, and each is on record', async () => {
  const { stops, order, timers } = open(() => new Promise(() => undefined))
  stops.stop(['a', 'b', 'c', 'd', 'e', 'f'].map(taskOf))
  await settled()
  assert.equal(order.filter(said => said.startsWith('tell')).length, 4)
  timers.pass(2_000)
  await stops.underWay
  const outcomes = order.filter(said => said.endsWith('cancelled'))
  assert.deepEqual(
    outcomes.sort(),
    ['a', 'b', 'c', 'd', 'e', 'f'].map(name => `call-${name} cancelled`),
  )
  assert.equal(order.filter(said => said.startsWith('tell')).length, 4)
})
