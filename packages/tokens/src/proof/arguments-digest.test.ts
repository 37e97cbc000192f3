import assert from 'node:assert/strict'
import { test } from 'node:test'

import { digestArguments } from './arguments-digest.ts'

// printf '%s' '{"a":1,"b":[1,2]}' | openssl dgst -sha256 -binary | basenc --base64url
const digest = 'i6pzGYRwx7tMPOFCqP1lGv_AMQ2Hi7m9FZ43pXP7SHQ'

test('is one for the values and not for their spelling', () => {
  for (const text of ['{"a":1,"b":[1,2]}', '{ "b":[1.0, 2e0], "a":1 }', '{"\\u0061":10e-1,"b":[1,2]}'])
    assert.equal(digestArguments(JSON.parse(text)), digest, text)
})

test('differs where a value differs, however little', () => {
  const texts = [
    '{"a":"1"}',
    '{"a":1}',
    '{"a":null}',
    '{}',
    '{"a":"\u00e9"}',
    '{"a":"e\u0301"}',
    '{"A":1}',
    '{"a":-1}',
  ]
  assert.equal(new Set(texts.map(text => digestArguments(JSON.parse(text)))).size, texts.length)
})

test('no arguments are the empty object', () => {
  assert.equal(digestArguments(undefined), digestArguments({}))
})

test('rejects numbers that JSON does not have', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, JSON.parse('1e400')])
    assert.throws(() => digestArguments({ a: value }))
})
