import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { createFrameDecoder } from './frame-decoder.ts'
import { encodeFrame } from './frame-encoder.ts'

const drain = (decoder: ReturnType<typeof createFrameDecoder>): string[] => {
  const texts: string[] = []
  for (let text = decoder.next(); text !== undefined; text = decoder.next()) texts.push(text)
  return texts
}

const cut = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const edges = [0, ...cuts.map(edge => edge % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
}

test('a frame is its length in four bytes, big endian, and its JSON', () => {
  assert.deepEqual(encodeFrame({ é: 1 }), Buffer.from([0, 0, 0, 8, ...Buffer.from('{"é":1}')]))
})

test('reads the same messages wherever the chunks are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue(), { maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (messages, cuts) => {
        const decoder = createFrameDecoder()
        const stream = Buffer.concat(messages.map(message => encodeFrame(message)))
        const texts = cut(stream, cuts).flatMap(chunk => {
          decoder.push(chunk)
          return drain(decoder)
        })
        assert.deepEqual(
          texts,
          messages.map(message => JSON.stringify(message)),
        )
      },
    ),
  )
})

test('reads what comes byte by byte, and frames larger than its buffer', () => {
  const messages = ['short', 'x'.repeat(200_000), 'after']
  const stream = Buffer.concat(messages.map(message => encodeFrame(message)))
  const decoder = createFrameDecoder()
  const texts: string[] = []
  const byte = Buffer.alloc(1)
  for (const value of stream) {
    byte[0] = value
    decoder.push(byte)
    texts.push(...drain(decoder))
  }
  assert.deepEqual(
    texts,
    messages.map(message => JSON.stringify(message)),
  )
})

test('refuses a frame that announces more than the limit, before its bytes are here', () => {
  const decoder = createFrameDecoder(1024)
  decoder.push(Buffer.from([0, 0, 4, 1]))
  assert.throws(() => decoder.next(), { code: 'FRAME_TOO_LARGE', message: /at most 1024 bytes, got 1025/ })
  assert.throws(() => encodeFrame('x'.repeat(1023), 1024), { code: 'FRAME_TOO_LARGE' })
})

test('refuses bytes that are not UTF-8 instead of replacing them', () => {
  const decoder = createFrameDecoder()
  decoder.push(Buffer.from([0, 0, 0, 3, 0x22, 0xff, 0x22]))
  assert.throws(() => decoder.next(), { code: 'FRAME_MALFORMED' })
})

test('survives arbitrary bytes: texts or an error of its own, nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), chunks => {
      const decoder = createFrameDecoder(4096)
      try {
        for (const chunk of chunks) {
          decoder.push(Buffer.from(chunk))
          drain(decoder)
        }
      } catch (error) {
        assert.match((error as { code: string }).code, /^FRAME_/)
      }
    }),
  )
})
