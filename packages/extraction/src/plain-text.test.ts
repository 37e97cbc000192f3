import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { plainText } from './plain-text.ts'

test('spells out what is only written otherwise', () => {
  const table: readonly (readonly [string, string])[] = [
    ['plain text, 100% of it', 'plain text, 100% of it'],
    ['ａ／ｂ．ｔｘｔ', 'a/b.txt'],
    ['ﬁle', 'file'],
    ['e\u0301', 'é'],
    ['d\u200Bro\u00ADp\u{E0041}', 'drop'],
    ['a%2Fb', 'a/b'],
    ['a%252fb', 'a/b'],
    ['a%25252fb', 'a/b'],
    ['%EF%BC%8F', '/'],
    ['％２Ｆ', '/'],
    ['a%20b%22c%0Ad%3Fe%23f', 'a%20b%22c%0Ad%3Fe%23f'],
    ['%ff%c0%af%ed%a0%80%e2%82', '%ff%c0%af%ed%a0%80%e2%82'],
    ['evil。example', 'evil.example'],
  ]
  for (const [text, plain] of table) assert.equal(plainText(text, 100), plain, text)
})

test('is never longer than asked for', () => {
  const text = fc.string({ unit: fc.constantFrom('\uFDFA', 'e', '\u0301', '%', '2', 'F', '\u200B', '😀') })
  fc.assert(
    fc.property(text, fc.nat({ max: 20 }), (value, longest) => {
      assert.ok(plainText(value, longest).length <= longest)
    }),
  )
})
