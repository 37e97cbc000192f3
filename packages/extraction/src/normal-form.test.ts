import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import {
  normaliseAccount,
  normaliseEmail,
  normaliseHost,
  normaliseIdentifier,
  normalisePath,
  normaliseUrl,
} from './normal-form.ts'

test('paths that lead to the same place are one', () => {
  const table: readonly (readonly [string, string])[] = [
    ['/a/b', '/a/b'],
    ['/a//b/', '/a/b'],
    ['/a/./b/../c', '/a/c'],
    ['/../a', '/a'],
    ['./a', 'a'],
    ['a/../../b', '../b'],
    ['..', '..'],
    ['.', '.'],
    ['/', '/'],
    ['~/a/..', '~'],
    ['~bob/a', '~bob/a'],
    ['C:\\a\\b', 'c:/a/b'],
    ['c:/a', 'c:/a'],
    ['file:///a/b', '/a/b'],
    [`${'./'.repeat(600)}a/b`, 'a/b'],
    [`${'x/../'.repeat(600)}a/b`, 'a/b'],
  ]
  for (const [text, normal] of table) assert.equal(normalisePath(text), normal, text)
})

test('addresses that lead to the same place are one', () => {
  for (const text of [
    'https://evil.example/a/b',
    'http://EVIL.example:80/a/b/',
    'https://user:pw@evil.example:443/a/./b?x=1#y',
    'evil.example./%61/%62',
    'https:\\\\evil.example\\a\\b'.replace('\\\\', '//'),
  ])
    assert.equal(normaliseUrl(text)?.url, 'evil.example/a/b', text)
  assert.equal(normaliseUrl('https://evil.example:8443/')?.url, 'evil.example:8443')
  assert.equal(normaliseUrl('https://good.example@evil.example/')?.host, 'evil.example')
  assert.equal(normaliseUrl('https:///x'), undefined)
})

test('normalising twice changes nothing', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'Z', '1', '.', '/', '\\', ':', '@', '~', '-', ' ', '<', '>', '%', 'é'),
  })
  for (const normalise of [
    normaliseEmail,
    normaliseAccount,
    normaliseIdentifier,
    normaliseHost,
    normalisePath,
  ])
    fc.assert(
      fc.property(text, value => {
        const once = normalise(value)
        assert.equal(normalise(once), once, JSON.stringify(value))
      }),
    )
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), value => {
      const once = normaliseUrl(value)
      assert.deepEqual(normaliseUrl(once?.url ?? ''), once)
    }),
    { numRuns: 50 },
  )
})
