import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { memberOf, parseJsonTree, valueOf } from './json-tree.ts'

test('any JSON, written in any way, has the value that JSON.parse gives it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t', ' \n'), (value, space) => {
      const text = JSON.stringify(value, null, space)
      assert.deepEqual(valueOf(parseJsonTree(text).root), JSON.parse(text))
    }),
  )
})

test('the place of a value is its text', () => {
  const text = '\u{feff} { "a" : [ 1, {"b":"\\u00e9"} ] } '
  const node = memberOf(parseJsonTree(text).root, 'a')
  assert.equal(text.slice(node?.start, node?.end), '[ 1, {"b":"\\u00e9"} ]')
})

test('comments and the commas before closing brackets are read over', () => {
  const text = '// one\n{ /* two */ "a": [1, 2,], // three\n "b": "// no comment", }'
  const { root, comments } = parseJsonTree(text)
  assert.deepEqual(valueOf(root), { a: [1, 2], b: '// no comment' })
  assert.deepEqual(
    comments.map(({ start, end }) => text.slice(start, end)),
    ['// one', '/* two */', '// three'],
  )
})

const faulty: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['nothing', '', /line 1: expected a value, got its end/],
  ['half of an object', '{\n"a": 1', /line 2: expected "," or "}", got its end/],
  ['two values', '{} {}', /expected nothing more/],
  ['a member that comes twice', '{"a":1,\n\n"a":2}', /line 3: expected the member "a" once/],
  ['two commas', '[1,,2]', /expected a value/],
  ['a text over two lines', '"a\nb"', /expected a value/],
  ['single quotes', "{'a': 1}", /expected the name of a member/],
  ['a comment without an end', '{} /* ', /expected nothing more/],
  ['more levels than any configuration has', '['.repeat(200), /at most 100 levels/],
]

for (const [what, text, message] of faulty)
  test(`refuses ${what}`, () =>
    assert.throws(() => parseJsonTree(text), { code: 'CLIENT_CONFIG_INVALID', message }))
