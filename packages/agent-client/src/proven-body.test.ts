import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ProvenMessage } from '@cordon/tokens'
import * as fc from 'fast-check'

import { parseBody, provenBodyOf } from './proven-body.ts'

const call = (method: string, params?: unknown, rest: object = { id: 1 }) =>
  provenBodyOf('files', parseBody(JSON.stringify({ jsonrpc: '2.0', method, params, ...rest })))

// printf '{"a":1,"b":"ä"}' | openssl dgst -sha256 -binary | base64url; the same of {}, {"uri":"file:///a"} and
// {"arguments":{"x":"1"},"name":"p"}, {"inputResponses":{},"requestState":"s"} and {"task":{"ttl":1}}.
const ab = '9TAP_P1v0_wt5G1wC-kNQ_15nNnradpHNyAQBhQ9SKE'
const empty = 'RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o'
const uri = 'knMp4uKUir-6LP7fMuwmB9so_FdFjvKrcifLECh2LnM'
const prompt = '6q6r9biWDlUr0FV0hNP91CagR-4H48iJG4FVF-pSJNk'
const retried = 'HwdfzWJsYUJ6nw6SjQvYIlzwOid4R88V-uqIEerPfAg'
const task = 'bz1Meax8RfT3PrNiJFFgy4fppL3Pca73fH70-9yuG7A'

const argumentsDigestOf = (message: ProvenMessage | undefined): string | undefined =>
  message !== undefined && 'tool' in message ? message.argumentsDigest : undefined

test('a tool call is proven with its name and the canonical text of its arguments', () => {
  const expected = { server: 'files', tool: 'read', argumentsDigest: ab }
  assert.deepEqual(call('tools/call', { name: 'read', arguments: { a: 1, b: 'ä' } }), expected)
  assert.deepEqual(
    call('tools/call', { name: 'read', arguments: { b: 'ä', a: 1 }, _meta: { x: 1 } }),
    expected,
  )
  const text =
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","arguments":{"b":"\\u00e4", "a":1.0}}}'
  assert.deepEqual(provenBodyOf('files', parseBody(text)), expected)
})

test('no arguments are those of the empty object', () => {
  assert.equal(argumentsDigestOf(call('tools/call', { name: 'read' })), empty)
  assert.equal(argumentsDigestOf(call('tools/call', { name: 'read', arguments: {} })), empty)
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
    restDigest: retried,
  })
})

test('what a call says beside its arguments is proven too', () => {
  const expected = { server: 'files', tool: 'read', argumentsDigest: empty }
  assert.deepEqual(call('tools/call', { name: 'read', task: { ttl: 1 }, _meta: {} }), {
    ...expected,
    restDigest: task,
  })
  const params = { name: 'read', requestState: 's', inputResponses: {} }
  assert.deepEqual(call('tools/call', params), { ...expected, restDigest: retried })
})

test('every other message is proven with its method and its params, an answer with the id that it answers', () => {
  const said = (message: object) =>
    provenBodyOf('files', parseBody(JSON.stringify({ jsonrpc: '2.0', ...message })))
  assert.deepEqual(call('tools/list', { _meta: { progressToken: 1 } }), {
    method: 'tools/list',
    contentDigest: empty,
  })
  assert.deepEqual(call('notifications/initialized', undefined, {}), {
    method: 'notifications/initialized',
    contentDigest: empty,
  })
  assert.deepEqual(call('resources/subscribe', { uri: 'file:///a' }), {
    method: 'resources/subscribe',
    contentDigest: uri,
  })
  const accepted = { method: 'answer', contentDigest: 'k6fYitYBhLbsqUwnBOaoBOAwynX5_jAEveXPAF0-Pw4' }
  assert.deepEqual(said({ id: 1, result: { action: 'accept' } }), accepted)
  for (const other of [
    { id: 2, result: { action: 'accept' } },
    { id: 1, result: { action: 'accept', _meta: {} } },
    { id: 1, error: { action: 'accept' } },
  ])
    assert.notDeepEqual(said(other), accepted)
})

test('what a proxy turns away is nothing to be proven', () => {
  assert.equal(call('tools/call', { name: 'read' }, {}), undefined)
  assert.equal(call('tools/call', { name: 7 }), undefined)
  assert.equal(call('tools/call', [1]), undefined)
  for (const body of ['', 'no JSON', '[]', 'null', '7', '[{"jsonrpc":"2.0","id":1,"method":"tools/call"}]'])
    assert.equal(provenBodyOf('files', parseBody(body)), undefined, body)
})

test('a number that JSON cannot carry is refused here, not by a proof that does not match', () => {
  const body =
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"n","arguments":{"secret":1e999}}}'
  assert.throws(
    () => provenBodyOf('files', parseBody(body)),
    (error: Error) => {
      assert.ok('code' in error && error.code === 'REQUEST_UNPROVABLE')
      return !error.message.includes('secret')
    },
  )
})

test('the spelling of the arguments does not matter, and every value does', () => {
  const call = (args: string) =>
    argumentsDigestOf(
      provenBodyOf(
        'files',
        parseBody(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"n","arguments":${args}}}`),
      ),
    )
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
