import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { createLineReader } from './line-reader.ts'

const read = (chunks: readonly Buffer[], maxBytes = 1_000): string[] => {
  const lines: string[] = []
  const reader = createLineReader(maxBytes, ({ text }) => lines.push(text))
  for (const chunk of chunks) reader.push(chunk)
  return lines
}

test('however bytes are cut, lines are the same: no character is torn', () => {
  const bytes = Buffer.from('{"a":"grüße"}\r\n\n世界\nunfinished')
  fc.assert(
    fc.property(fc.nat(bytes.length), fc.nat(bytes.length), (a, b) => {
      const [first, second] = [Math.min(a, b), Math.max(a, b)]
      const chunks = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)]
      assert.deepEqual(read(chunks), ['{"a":"grüße"}', '世界'])
    }),
  )
})

test('a line beyond the limit throws, also without an end', () => {
  assert.deepEqual(read([Buffer.from('1234\n1234\n')], 4), ['1234', '1234'])
  assert.throws(() => read([Buffer.from('12345\n')], 4), RangeError)
  assert.throws(() => read([Buffer.from('123'), Buffer.from('45')], 4), RangeError)
})

test('a line that is no UTF-8 says so, and those beside it do not', () => {
  const lines: [string, boolean][] = []
  const reader = createLineReader(100, ({ text, isExact }) => lines.push([text, isExact]))
  reader.push(Buffer.from('a\n\xffb\nc\n', 'latin1'))
  assert.deepEqual(lines, [
    ['a', true],
    ['\ufffdb', false],
    ['c', true],
  ])
})
