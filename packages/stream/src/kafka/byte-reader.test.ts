import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { ByteReader } from './byte-reader.ts'
import { ByteWriter, varintSize } from './byte-writer.ts'

// protobuf.dev/programming-guides/encoding, "Signed Integers" and "Base 128 Varints"
const zigzags: readonly [number, string][] = [
  [0, '00'],
  [-1, '01'],
  [1, '02'],
  [-2, '03'],
  [75, '9601'],
  [0x7fffffff, 'feffffff0f'],
  [-0x80000000, 'ffffffff0f'],
]

for (const [value, hex] of zigzags) {
  test(`varint ${value} is ${hex}`, () => {
    assert.equal(new ByteWriter(1).varint(value).written.toString('hex'), hex)
    assert.equal(new ByteReader(Buffer.from(hex, 'hex')).varint(), value)
    assert.equal(varintSize(value), hex.length / 2)
  })
}

test('a varint beyond 32 bits is read exactly', () => {
  // 2^40 zigzags to 2^41
  assert.equal(new ByteReader(Buffer.from('808080808040', 'hex')).varint(), 2 ** 40)
})

test('what is written is read again', () => {
  const values = fc.record({
    text: fc.string({ unit: 'binary' }),
    bytes: fc.option(fc.uint8Array()),
    number: fc.integer(),
    offset: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
    list: fc.array(fc.integer()),
  })
  fc.assert(
    fc.property(values, ({ text, bytes, number, offset, list }) => {
      const value = bytes === null ? null : Buffer.from(bytes)
      const writer = new ByteWriter(1).string(text).varintBytes(value).int32(number).int64(offset)
      writer.array(list, item => writer.varint(item))
      const reader = new ByteReader(writer.written)
      assert.equal(reader.string(), text)
      assert.deepEqual(reader.varintBytes(), value)
      assert.equal(reader.int32(), number)
      assert.equal(reader.int64(), offset)
      assert.deepEqual(
        reader.array(() => reader.varint()),
        list,
      )
      assert.equal(reader.remaining, 0)
    }),
  )
})

test('refuses a length beyond the end', () => {
  assert.throws(() => new ByteReader(Buffer.from('00ff', 'hex')).slice(3), RangeError)
})
