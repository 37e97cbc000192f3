import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { maxNesting, NestingError, parseExactJson, RepeatedMemberError } from './exact-json.ts'

const roundTrip = (text: string): string => JSON.stringify(parseExactJson(text))

for (const number of [
  '12345678901234567890',
  '1.0',
  '1.10',
  '-0',
  '1e3',
  '1E-9',
  '0.0000001',
  '3.14159265358979323846',
  '1234567.12345678901',
  '0.1',
  '-7',
]) {
  test(`${number} stays ${number}`, () => {
    assert.equal(roundTrip(`{"a":[${number}]}`), `{"a":[${number}]}`)
  })
}

test('any number keeps its digits', () => {
  const digits = (min: number, max: number): fc.Arbitrary<string> =>
    fc.array(fc.nat(9), { minLength: min, maxLength: max }).map(list => list.join(''))
  const number = fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.oneof(
        fc.constant('0'),
        digits(1, 20).map(text => `1${text}`),
      ),
      fc.oneof(
        fc.constant(''),
        digits(1, 20).map(text => `.${text}`),
      ),
      fc.oneof(fc.constant(''), fc.constantFrom('e5', 'E+7', 'e-300')),
    )
    .map(parts => parts.join(''))
  fc.assert(fc.property(number, text => assert.equal(roundTrip(`[${text}]`), `[${text}]`)))
})

test('everything else is what JSON.parse makes of it', () => {
  fc.assert(
    fc.property(fc.json(), text => {
      assert.deepEqual(JSON.parse(roundTrip(text)), JSON.parse(text))
    }),
  )
})

test('refuses a key that comes twice, however it is spelt and however deep', () => {
  for (const text of [
    '{"name":"a","name":"b"}',
    '{"name":"a","n\\u0061me":"a"}',
    '[1.0,{"a":{"":1,"":1}}]',
    '{"__proto__":1,"__proto__":{}}',
    '{"a":"\\\\","a":"\\":"}',
  ])
    assert.throws(() => parseExactJson(text), RepeatedMemberError, text)
})

test('a key may come again in another object, and a colon in a string', () => {
  for (const text of [
    '{"a":{"a":[{"a":1.0},{"a":"a:a"}]},"a:":"\\":\\\\"}',
    '{"__proto__":{"a":1}}',
    '{"rawJSON":"1","constructor":{"rawJSON":1e9}}',
  ])
    assert.equal(roundTrip(text), text)
})

test('JSON may be so deep and no deeper, also where it is parsed the slower way', () => {
  const nested = (levels: number, inner: string): string => '['.repeat(levels) + inner + ']'.repeat(levels)
  for (const inner of ['1', '1.0']) {
    assert.equal(roundTrip(nested(maxNesting, inner)), nested(maxNesting, inner))
    for (const levels of [maxNesting + 1, 3_000, 1_000_000])
      assert.throws(() => parseExactJson(nested(levels, inner)), NestingError)
  }
})

test('what is no JSON throws a SyntaxError', () => {
  assert.throws(() => parseExactJson('{'), SyntaxError)
  assert.throws(() => parseExactJson('1.0.0 1e5'), SyntaxError)
})
