import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { classifyMessage } from './json-rpc.ts'

const rpc = { jsonrpc: '2.0' }

test('a method with an id is a request, without one a notification', () => {
  assert.deepEqual(classifyMessage({ ...rpc, id: 0, method: 'ping' }), {
    kind: 'request',
    id: 0,
    method: 'ping',
    params: {},
  })
  assert.deepEqual(classifyMessage({ ...rpc, method: 'notifications/initialized', params: { a: 1 } }), {
    kind: 'notification',
    method: 'notifications/initialized',
    params: { a: 1 },
  })
})

test('a result or an error is a response; an error may name no request', () => {
  const result = { kind: 'response', id: 'a', result: 1, error: undefined }
  assert.deepEqual(classifyMessage({ ...rpc, id: 'a', result: 1 }), result)
  const error = { code: -32_700, message: 'Parse error' }
  assert.deepEqual(classifyMessage({ ...rpc, id: null, error }), {
    kind: 'response',
    id: undefined,
    result: undefined,
    error,
  })
})

const faults: Readonly<Record<string, { readonly value: unknown; readonly problem: RegExp }>> = {
  'a batch': { value: [{ ...rpc, id: 1, method: 'ping' }], problem: /got a batch/ },
  'no object': { value: 'ping', problem: /expected a JSON object/ },
  'another version': { value: { jsonrpc: '1.0', id: 1, method: 'ping' }, problem: /jsonrpc/ },
  'a request without a usable id': { value: { ...rpc, id: null, method: 'ping' }, problem: /^id/ },
  'a fraction as id': { value: { ...rpc, id: 1.5, method: 'ping' }, problem: /^id/ },
  'an id beyond what a double holds': { value: { ...rpc, id: 2 ** 53, method: 'ping' }, problem: /^id/ },
  'no method name': { value: { ...rpc, id: 1, method: '' }, problem: /^method/ },
  'params that are a list': { value: { ...rpc, id: 1, method: 'ping', params: [] }, problem: /^params/ },
  'a call that is an answer too': { value: { ...rpc, id: 1, method: 'ping', result: 1 }, problem: /both/ },
  'a result that is an error too': { value: { ...rpc, id: 1, result: 1, error: {} }, problem: /both/ },
  'nothing to do': { value: { ...rpc, id: 1 }, problem: /none of them/ },
}

for (const [name, { value, problem }] of Object.entries(faults)) {
  test(`${name} is no message`, () => {
    const message = classifyMessage(value)
    assert.ok(message.kind === 'fault')
    assert.match(message.problem, problem)
  })
}

test('any JSON value is one kind of message or none, and never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      assert.ok(['request', 'notification', 'response', 'fault'].includes(classifyMessage(value).kind))
    }),
  )
})
