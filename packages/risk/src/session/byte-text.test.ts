import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'

const written = (...texts: readonly string[]): Uint8Array => {
  const writer = new ByteWriter(4096)
  for (const text of texts) writer.text(text)
  return writer.take()
}

const withLength = (text: Buffer): Buffer => Buffer.concat([Buffer.from([text.length]), text])

test('texts have the bytes of UTF-8 behind their number, whatever they are written with', () => {
  const short = fc.string({ unit: 'binary', maxLength: 63 })
  fc.assert(
    fc.property(
      fc.array(fc.oneof(short, fc.string({ maxLength: 255 })), { minLength: 1, maxLength: 8 }),
      texts => {
        assert.deepEqual(
          Buffer.from(written(...texts)),
          Buffer.concat(texts.map(text => withLength(Buffer.from(text)))),
        )
      },
    ),
  )
})

test('reads what was written, from bytes of every kind', () => {
  const whole = fc.string({ unit: 'grapheme', maxLength: 20 }).filter(text => Buffer.byteLength(text) <= 255)
  fc.assert(
    fc.property(fc.array(whole, { minLength: 1, maxLength: 8 }), texts => {
      const bytes = written(...texts)
      for (const form of [bytes, Buffer.from(bytes)]) {
        const reader = new ByteReader(form)
        assert.deepEqual(
          texts.map(() => reader.text()),
          texts,
        )
        assert.equal(reader.left, 0)
      }
    }),
  )
})

test('rejects a text that is no UTF-8, and one that runs past the end', () => {
  for (const bytes of [
    [1, 0x80],
    [2, 0xc3, 0x28],
    [2, 0x41, 0xff],
  ])
    assert.throws(() => new ByteReader(Uint8Array.from(bytes)).text(), TypeError)
  assert.throws(() => new ByteReader(Uint8Array.from([2, 0x41])).text(), RangeError)
})
