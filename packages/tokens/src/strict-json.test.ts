import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { parseStrictJsonObject } from './strict-json.ts'

test('rejects a name repeated at any depth, however it is spelt', () => {
  for (const text of [
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"a":{"b":1,"b":1}}',
    '{"a":[{"b":1},{"c":{"d":1 , "d"\n:2}}]}',
    '{"__proto__":1,"__proto__":2}',
  ])
    assert.equal(parseStrictJsonObject(text), undefined, text)
})

test('the same name in other objects, and strings that look like names, are no repetition', () => {
  for (const text of [
    '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
    '{"a":"a","b":"\\"a\\":{","c":["a","a"]}',
    '{"x\\\\":1,"x":2}',
  ])
    assert.deepEqual(parseStrictJsonObject(text), JSON.parse(text), text)
})

test('rejects what is no JSON object', () => {
  for (const text of ['', 'null', '[]', '"a"', '1', '{', '{"a":1} x'])
    assert.equal(parseStrictJsonObject(text), undefined, text)
})

test('reads every object that JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), value => {
      const text = JSON.stringify(value)
      assert.deepEqual(parseStrictJsonObject(text), JSON.parse(text))
    }),
  )
})
