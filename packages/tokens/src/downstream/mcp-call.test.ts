import assert from 'node:assert/strict'
import { test } from 'node:test'

import { mcpCallOf } from './mcp-call.ts'

test('a tool call is of the tool with its arguments, and without any of the empty object', () => {
  const params = { name: 'read_file', arguments: { path: '/a' }, _meta: { progressToken: 1 } }
  const call = { method: 'tools/call', tool: 'read_file' }
  assert.deepEqual(mcpCallOf({ method: 'tools/call', params }), { ...call, arguments: { path: '/a' } })
  assert.deepEqual(mcpCallOf({ method: 'tools/call', params: { name: 'read_file' } }), {
    ...call,
    arguments: {},
  })
})

test('what a call says beside its arguments is told apart, whatever it is', () => {
  const rest = { inputResponses: {}, requestState: 's', task: { ttl: 1 }, unheard: 7 }
  const params = { name: 'read_file', ...rest, _meta: {} }
  const { rest: told, arguments: args } = mcpCallOf({ method: 'tools/call', params })
  assert.deepEqual([told, args], [rest, {}])
})

test('reading a resource and getting a prompt are calls; what the protocol adds is no argument', () => {
  const rest = { inputResponses: {}, requestState: 's' }
  const added = { _meta: {}, ...rest }
  assert.deepEqual(mcpCallOf({ method: 'resources/read', params: { uri: 'a:b', ...added } }), {
    method: 'resources/read',
    tool: 'resources:read',
    arguments: { uri: 'a:b' },
    rest,
  })
  const prompt = { name: 'p', arguments: { x: '1' } }
  assert.deepEqual(mcpCallOf({ method: 'prompts/get', params: { ...prompt, ...added } }), {
    method: 'prompts/get',
    tool: 'prompts:get',
    arguments: prompt,
    rest,
  })
})

test('everything else calls nothing, and all that it says is its content; an answer is told from a request', () => {
  const params = { name: 'x', _meta: { progressToken: 1 } }
  const list = { method: 'tools/list', content: { name: 'x' } }
  assert.deepEqual(mcpCallOf({ jsonrpc: '2.0', id: 1, method: 'tools/list', params }), list)
  assert.deepEqual(mcpCallOf({ method: 'ping' }), { method: 'ping', content: {} })
  assert.deepEqual(mcpCallOf({ method: 'ping', params: [1] }), { method: 'ping', content: [1] })
  const answer = { id: 1, result: { _meta: {} } }
  assert.deepEqual(mcpCallOf({ jsonrpc: '2.0', ...answer }), { method: 'answer', content: answer })
  assert.deepEqual(mcpCallOf({ method: 7 }), { method: 'answer', content: { method: 7 } })
})
