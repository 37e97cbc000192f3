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

test('reading a resource and getting a prompt are calls; what the protocol adds is no argument', () => {
  const added = { _meta: {}, inputResponses: {}, requestState: 's' }
  assert.deepEqual(mcpCallOf({ method: 'resources/read', params: { uri: 'a:b', ...added } }), {
    method: 'resources/read',
    tool: 'resources:read',
    arguments: { uri: 'a:b' },
  })
  const prompt = { name: 'p', arguments: { x: '1' } }
  assert.deepEqual(mcpCallOf({ method: 'prompts/get', params: { ...prompt, ...added } }), {
    method: 'prompts/get',
    tool: 'prompts:get',
    arguments: prompt,
  })
})

test('everything else calls nothing; an answer of a client is told from a request', () => {
  assert.deepEqual(mcpCallOf({ method: 'tools/list', params: { name: 'x' } }), { method: 'tools/list' })
  assert.deepEqual(mcpCallOf({ id: 1, result: {} }), { method: 'answer' })
  assert.deepEqual(mcpCallOf({ method: 7 }), { method: 'answer' })
})
