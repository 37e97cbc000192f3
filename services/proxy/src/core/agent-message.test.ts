import assert from 'node:assert/strict'
import { test } from 'node:test'

import { classifyAgentMessage } from './agent-message.ts'

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' }

test('a message of JSON-RPC is what it is', () => {
  assert.equal(classifyAgentMessage(ping).kind, 'request')
  assert.equal(
    classifyAgentMessage({ jsonrpc: '2.0', method: 'notifications/initialized' }).kind,
    'notification',
  )
  assert.equal(classifyAgentMessage({ jsonrpc: '2.0', id: 1, result: {} }).kind, 'response')
  assert.equal(classifyAgentMessage([ping]).kind, 'fault')
})

test('rejects a second method in capitals, on a request, a notification and an answer', () => {
  const call = { Method: 'tools/call', Params: { name: 'transfer' } }
  assert.deepEqual(classifyAgentMessage({ ...ping, ...call }), {
    kind: 'fault',
    problem: 'expected only members of JSON-RPC 2.0, got another one',
    id: 1,
  })
  const notification = { jsonrpc: '2.0', method: 'notifications/initialized', ...call }
  assert.equal(classifyAgentMessage(notification).kind, 'fault')
  assert.equal(classifyAgentMessage({ jsonrpc: '2.0', id: 1, result: {}, ...call }).kind, 'fault')
})
