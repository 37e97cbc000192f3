import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { provenCallOf } from './proven-call.ts'

const call = (method: string, params?: unknown, rest: object = { id: 1 }) =>
  provenCallOf('files', JSON.stringify({ jsonrpc: '2.0', method, params, ...rest }))

// printf '{"a":1,"b":"ä"}' | openssl dgst -sha256 -binary | base64url; the same of {}, {"uri":"file:///a"} and
// {"arguments":{"x":"1"},"name":"p"}.
const ab = '9TAP_P1v0_wt5G1wC-kNQ_15nNnradpHNyAQBhQ9SKE'
const empty = 'RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o'
const uri = 'knMp4uKUir-6LP7fMuwmB9so_FdFjvKrcifLECh2LnM'
const prompt = '6q6r9biWDlUr0FV0hNP91CagR-4H48iJG4FVF-pSJNk'

test('a tool call is proven with its name and the canonical text of its arguments', () => {
  const expected = { server: 'files', tool: 'read', argumentsDigest: ab }
  assert.deepEqual(call('tools/call', { name: 'read', arguments: { a: 1, b: 'ä' } }), expected)
  assert.deepEqual(
    call('tools/call', { name: 'read', arguments: { b: 'ä', a: 1 }, _meta: { x: 1 } }),
    expected,
  )
  const text =
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","arguments":{"b":"\\u00e4", "a":1.0}}}'
  assert.deepEqual(provenCallOf('files', text), expected)
})

test('no arguments are those of the empty object', () => {
  assert.equal(call('tools/call', { name: 'read' })?.argumentsDigest, empty)
  assert.equal(call('tools/call', { name: 'read', arguments: {} })?.argumentsDigest, empty)
})

test('reading a resource and getting a prompt are calls under the names that the proxy gives them', () => {
  assert.deepEqual(call('resources/read', { uri: 'file:///a', _meta: { progressToken: 1 } }), {
    server: 'files',
    tool: 'resources:read',
    argumentsDigest: uri,
  })
  const params = { name: 'p', arguments: { x: '1' }, inputResponses: {}, requestState: 's' }
  assert.deepEqual(call('prompts/get', params), {
    server: 'files',
    tool: 'prompts:get',
    argumentsDigest: prompt,
  })
})

test('everything else calls nothing', () => {
  for (const method of ['initialize', 'tools/list', 'ping', 'resources/list', 'toString'])
    assert.equal(call(method, {}), undefined, method)
  assert.equal(call('tools/call', { name: 'read' }, {}), undefined)
  assert.equal(call('tools/call', { name: 7 }), undefined)
  assert.equal(call('tools/call', [1]), undefined)
  for (const body of ['', 'no JSON', '[]', 'null', '7', '[{"jsonrpc":"2.0","id":1,"method":"tools/call"}]'])
    assert.equal(provenCallOf('files', body), undefined, body)
})

test('a number that JSON cannot carry is refused here, not by a proof that does not match', () => {
  const body =
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"n","arguments":{"secret":1e999}}}'
  assert.throws(
    () => provenCallOf('files', body),
    (error: Error) => {
      assert.ok('code' in error && error.code === 'REQUEST_UNPROVABLE')
      return !error.message.includes('secret')
    },
  )
})

test('the spelling of the arguments does not matter, and every value does', () => {
  const call = (args: string) =>
    provenCallOf(
      'files',
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"n","arguments":${args}}}`,
    )?.argumentsDigest
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (args, other) => {
      const reversed = Object.fromEntries(Object.entries(args).reverse())
      const escaped = JSON.stringify(reversed, null, 2).replaceAll(
        /[\u007f-\uffff]/g,
        unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
      const digest = call(JSON.stringify(args))
      const changed = { ...args, 'a member that is new': other }
      return digest !== undefined && call(escaped) === digest && call(JSON.stringify(changed)) !== digest
    }),
  )
})
