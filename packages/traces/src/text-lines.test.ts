import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { textLines } from './text-lines.ts'

const linesOf = async (chunks: readonly Buffer[], maxBytes = 1000): Promise<(string | undefined)[]> => {
  async function* source(): AsyncGenerator<Buffer> {
    await Promise.resolve()
    yield* chunks
  }
  const lines: (string | undefined)[] = []
  for await (const line of textLines(source(), maxBytes)) lines.push(line)
  return lines
}

const cut = (bytes: Buffer, at: readonly number[]): Buffer[] => {
  const cuts = [...at.map(share => Math.floor(share * bytes.length)), bytes.length].sort((a, b) => a - b)
  return cuts.map((end, index) => bytes.subarray(cuts[index - 1] ?? 0, end))
}

test('lines are the same however the bytes arrive', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' }).map(text => `${text.replaceAll('\n', '')}.`)),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
      async (lines, cuts) => {
        assert.deepEqual(await linesOf(cut(Buffer.from(lines.join('\n')), cuts)), lines)
      },
    ),
  )
})

test('a break that JSON allows within a string ends no line', async () => {
  assert.deepEqual(await linesOf([Buffer.from('a\u2028b\u2029c\rd\ne\n')]), ['a\u2028b\u2029c\rd', 'e'])
})

test('a line longer than allowed is told, and the next ones are there', async () => {
  const chunks = ['one\n', 'x'.repeat(8), 'x'.repeat(8), '\ntwo'].map(text => Buffer.from(text))
  assert.deepEqual(await linesOf(chunks, 10), ['one', undefined, 'two'])
})
