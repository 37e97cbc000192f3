import assert from 'node:assert/strict'
import { test } from 'node:test'

import { answerBytesOf, guardedCall } from './guarded-call.ts'
import type { JsonObject, RpcRequest } from './json-rpc.ts'

const request = (method: string, params: JsonObject = {}): RpcRequest => ({
  kind: 'request',
  id: 1,
  method,
  params,
})

test('a tool call, a read resource and a got prompt are guarded', () => {
  assert.deepEqual(
    guardedCall(request('tools/call', { name: 'transfer', arguments: { to: 'x' } }), 'sessionful'),
    {
      kind: 'guarded',
      tool: 'transfer',
      arguments: { to: 'x' },
      refusedBy: 'result',
    },
  )
  assert.deepEqual(
    guardedCall(request('resources/read', { uri: 'file:///a', _meta: { progressToken: 1 } }), 'sessionful'),
    {
      kind: 'guarded',
      tool: 'resources:read',
      arguments: { uri: 'file:///a' },
      meta: { progressToken: 1 },
      refusedBy: 'error',
    },
  )
  assert.deepEqual(guardedCall(request('prompts/get', { name: 'p', arguments: { a: 'b' } }), 'sessionful'), {
    kind: 'guarded',
    tool: 'prompts:get',
    arguments: { name: 'p', arguments: { a: 'b' } },
    refusedBy: 'error',
  })
})

test('a call that becomes a task is refused by an error, since its client reads no tool result', () => {
  const call = guardedCall(request('tools/call', { name: 'a', task: { ttl: 1000 } }), 'sessionful')
  assert.ok(call?.kind === 'guarded')
  assert.equal(call.refusedBy, 'error')
  assert.deepEqual(call.rest, { task: { ttl: 1000 } })
})

test('what a call answers, beside its arguments, is counted', () => {
  for (const [method, params] of [
    ['tools/call', { name: 'a' }],
    ['resources/read', { uri: 'file:///a' }],
    ['prompts/get', { name: 'p' }],
  ] as const) {
    const bytesOf = (more: JsonObject): unknown => {
      const call = guardedCall(request(method, { ...params, ...more }), 'stateless')
      return call?.kind === 'guarded' ? answerBytesOf(call, 0) : call
    }
    assert.equal(bytesOf({}), undefined)
    assert.equal(bytesOf({ inputResponses: { a: 'ä' } }), '{"inputResponses":{"a":"ää"}}'.length)
    assert.equal(bytesOf({ requestState: 'state' }), '{"requestState":"state"}'.length)
  }
})

test('what a call says beside, where it is more than a client says of itself, is counted too', () => {
  const bytesOf = (params: JsonObject, headerBytes = 0): unknown => {
    const call = guardedCall(request('tools/call', { name: 'a', ...params }), 'sessionful')
    return call?.kind === 'guarded' ? answerBytesOf(call, headerBytes) : call
  }
  const meta = (bytes: number): JsonObject => ({ _meta: { '': 'x'.repeat(bytes - '{"":""}'.length) } })
  assert.deepEqual([bytesOf(meta(4096)), bytesOf(meta(4097))], [undefined, 4097])
  assert.deepEqual([bytesOf(meta(4000), 96), bytesOf(meta(4000), 97)], [undefined, 4097])
  for (const task of [{}, { ttl: 1 }, { ttl: null }, { ttl: 1, pollInterval: 0.5 }])
    assert.equal(bytesOf({ task }), undefined)
  assert.equal(bytesOf({ task: { ttl: 1 }, ...meta(4097) }), 4097 + '{"task":{"ttl":1}}'.length)
  for (const task of [
    { ttl: 1, x: 'x' },
    { ttl: 'x' },
    { ttl: {} },
    { pollInterval: 'x' },
    { pollInterval: null },
    'x',
    null,
  ] as const)
    assert.equal(bytesOf({ task }), JSON.stringify({ task }).length)
  assert.deepEqual([bytesOf({}, 4096), bytesOf({}, 4097)], [undefined, 4097])
  const answered = guardedCall(
    request('tools/call', { name: 'a', requestState: 's', ...meta(10) }),
    'stateless',
  )
  assert.ok(answered?.kind === 'guarded')
  assert.equal(answerBytesOf(answered, 7), '{"requestState":"s"}'.length + 17)
})

test('nothing else is a call', () => {
  for (const method of ['initialize', 'tools/list', 'ping', 'completion/complete', 'tasks/result']) {
    assert.equal(guardedCall(request(method, { name: 'a' }), 'sessionful'), undefined)
  }
})

test('rejects a tool named like the reading of resources', () => {
  assert.equal(guardedCall(request('tools/call', { name: 'resources:read' }), 'sessionful')?.kind, 'invalid')
  assert.equal(guardedCall(request('tools/call', { name: 'prompts:get' }), 'sessionful')?.kind, 'invalid')
})

test('rejects a second name in capitals', () => {
  for (const [method, params] of [
    ['tools/call', { name: 'harmless', Name: 'transfer' }],
    ['tools/call', { name: 'transfer', arguments: { to: 'x' }, Arguments: { to: 'y' } }],
    ['resources/read', { uri: 'file:///a', URI: 'file:///b' }],
    ['prompts/get', { name: 'p', Name: 'q' }],
  ] as const)
    assert.equal(guardedCall(request(method, params), 'sessionful')?.kind, 'invalid')
})

test('rejects names and arguments of another kind', () => {
  for (const params of [{}, { name: '' }, { name: 'x'.repeat(257) }, { name: 'a', arguments: null }]) {
    assert.equal(guardedCall(request('tools/call', params), 'sessionful')?.kind, 'invalid')
  }
  assert.equal(guardedCall(request('resources/read', { uri: 1 }), 'sessionful')?.kind, 'invalid')
  assert.equal(guardedCall(request('prompts/get'), 'sessionful')?.kind, 'invalid')
})

test('a retry with what the server asked for is the same call', () => {
  const retry = { inputResponses: { a: { action: 'accept' } }, requestState: 's' }
  const [call, read] = [
    guardedCall(request('tools/call', { name: 'transfer', arguments: { to: 'x' }, ...retry }), 'stateless'),
    guardedCall(request('resources/read', { uri: 'file:///a', ...retry }), 'stateless'),
  ]
  assert.ok(call?.kind === 'guarded' && read?.kind === 'guarded')
  assert.deepEqual(call.arguments, { to: 'x' })
  assert.deepEqual(read.arguments, { uri: 'file:///a' })
  assert.deepEqual([call.rest, read.rest], [retry, retry])
})

test('rejects what only the other era knows', () => {
  const retry = { name: 'a', requestState: 's' }
  assert.equal(guardedCall(request('tools/call', retry), 'sessionful')?.kind, 'invalid')
  assert.equal(guardedCall(request('tools/call', { name: 'a', task: {} }), 'stateless')?.kind, 'invalid')
})
