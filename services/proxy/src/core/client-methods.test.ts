import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isClientMessage } from './client-methods.ts'

const request = (method: string) => ({ kind: 'request' as const, id: 1, method, params: {} })
const notification = (method: string) => ({ kind: 'notification' as const, method, params: {} })

test('what MCP has clients say is known', () => {
  for (const method of ['initialize', 'ping', 'tools/call', 'resources/read', 'prompts/get', 'tasks/result'])
    assert.ok(isClientMessage(request(method), 'sessionful'), method)
  for (const method of ['notifications/initialized', 'notifications/cancelled', 'notifications/progress'])
    assert.ok(isClientMessage(notification(method), 'sessionful'), method)
  assert.ok(isClientMessage({ kind: 'response', id: 1, result: {}, error: undefined }, 'sessionful'))
})

test('rejects a call without an id, and a notification with one', () => {
  for (const method of ['tools/call', 'resources/read', 'prompts/get', 'ping', 'initialize'])
    assert.equal(isClientMessage(notification(method), 'sessionful'), false, method)
  assert.equal(isClientMessage(request('notifications/initialized'), 'sessionful'), false)
})

const misspelt = [
  'Tools/Call',
  'tools/CALL',
  'tools/call ',
  ' tools/call',
  'tools/call\0',
  'tools//call',
  '/tools/call',
  'tools\\call',
  'tools.call',
  'tools/run',
  // Letters that become those of `tools/call` when they are folded.
  'toolſ/call',
  '__proto__',
  'constructor',
]

test('rejects a method that is spelt otherwise', () => {
  for (const method of misspelt) assert.equal(isClientMessage(request(method), 'sessionful'), false, method)
})

test('rejects what only servers say, and what only other versions know', () => {
  for (const method of ['sampling/createMessage', 'elicitation/create', 'roots/list', 'server/discover'])
    assert.equal(isClientMessage(request(method), 'sessionful'), false, method)
  assert.equal(isClientMessage(notification('notifications/message'), 'sessionful'), false)
})

test('each era has its own methods', () => {
  for (const method of ['server/discover', 'tools/call', 'subscriptions/listen', 'completion/complete'])
    assert.ok(isClientMessage(request(method), 'stateless'), method)
  for (const method of ['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'tasks/cancel'])
    assert.equal(isClientMessage(request(method), 'stateless'), false, method)
  assert.equal(isClientMessage({ kind: 'response', id: 1, result: {}, error: undefined }, 'stateless'), false)
})
