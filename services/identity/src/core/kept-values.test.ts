import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { isKeptClaim, isKeptName, isKeptText, isKeptTime, keptMs, keptTextFault } from './kept-values.ts'

const half = '\uD800'

test('a kept text is what a column of text and a line can hold', () => {
  for (const text of ['s-1', 'under investigation', 'größer', '停止', '🛑', '👩‍🚒', ' x ', 'x'.repeat(512)])
    assert.ok(isKeptText(text), text)
  for (const text of ['', 'a\u0000', 'a\nb', '\u007F', half, `a${half}`, 'x'.repeat(513), 7, null, undefined])
    assert.ok(!isKeptText(text), JSON.stringify(text))
})

test('of a text that is not kept it is said what is wrong, and of no other', () => {
  const inLine = 'expected printable characters in one line, got'
  const table: readonly (readonly [string, string | undefined])[] = [
    ['under investigation', undefined],
    ['x'.repeat(512), undefined],
    ['x'.repeat(513), 'expected 1 to 512 characters, got 513'],
    ['', 'expected 1 to 512 characters, got 0'],
    ['a\nb', `${inLine} a line break`],
    ['a\r\nb', `${inLine} a line break`],
    ['a\u0000', `${inLine} U+0000`],
    [`a${half}`, `${inLine} U+D800`],
  ]
  for (const [text, fault] of table) assert.equal(keptTextFault(text), fault, JSON.stringify(text))
})

test('a kept name stands in the scope of a kill switch to the letter', () => {
  for (const name of ['alice', 'corp:alice', 'a b', 'größer']) assert.ok(isKeptName(name), name)
  for (const name of ['alice ', ' alice', 'a\u200Bb', 'a\u202Eb', 'a\u0000', half, ''])
    assert.ok(!isKeptName(name), JSON.stringify(name))
})

test('a kept time has seconds and fractions of our age', () => {
  for (const time of [1, 1.5, 1_800_000_000, 1_800_000_000.1234567, 99_999_999_999])
    assert.ok(isKeptTime(time), String(time))
  for (const time of [0, 0.9, -1, NaN, Infinity, 1e11, 1_800_000_000_000, '1800000000', null, undefined])
    assert.ok(!isKeptTime(time), String(time))
})

test('milliseconds are whole, and order as the times do', () => {
  assert.equal(keptMs(1_800_000_000), 1_800_000_000_000)
  assert.equal(keptMs(1.9999), 1999)
  const time = fc.double({ min: 1, max: 99_999_999_999, noNaN: true })
  fc.assert(
    fc.property(time, time, (one, other) => {
      assert.ok(Number.isSafeInteger(keptMs(one)))
      assert.equal(keptMs(Math.max(one, other)), Math.max(keptMs(one), keptMs(other)))
    }),
  )
})

test('a claim is kept whole, or not at all', () => {
  for (const claim of ['', 'x', 7, 1e308, true, null, undefined, ['analysts', ''], { of: [{ a: 'b' }] }])
    assert.ok(isKeptClaim(claim), JSON.stringify(claim))
  const deep = (levels: number): unknown => (levels === 0 ? 'x' : [deep(levels - 1)])
  assert.ok(isKeptClaim(deep(8)))
  for (const claim of [
    'a\u0000',
    half,
    ['x', 'a\u0000'],
    { a: { b: half } },
    { 'a\u0000': 1 },
    deep(9),
    deep(4000),
  ])
    assert.ok(!isKeptClaim(claim), 'of another form')
})
