import assert from 'node:assert/strict'
import { test } from 'node:test'

import { classifyMessage } from './json-rpc.ts'
import { routeOf } from './message-route.ts'
import type { MessageRoute } from './message-route.ts'

const routed = (value: object): MessageRoute => {
  const message = classifyMessage({ jsonrpc: '2.0', ...value })
  assert.ok(message.kind !== 'fault')
  return routeOf(message)
}

test('each message of a server has one place', () => {
  assert.deepEqual(routed({ id: '1', result: {} }), { to: 'request', id: '1' })
  assert.deepEqual(routed({ id: 1, error: {} }), { to: 'request', id: 1 })
  assert.deepEqual(routed({ id: null, error: {} }), { to: 'nobody' })
  const progress = { method: 'notifications/progress' }
  assert.deepEqual(routed({ ...progress, params: { progressToken: 7 } }), { to: 'progress', token: 7 })
  assert.deepEqual(routed({ ...progress, params: {} }), { to: 'agent' })
  assert.deepEqual(routed({ method: 'notifications/message' }), { to: 'agent' })
  assert.deepEqual(routed({ id: 1, method: 'sampling/createMessage' }), { to: 'agent' })
})
