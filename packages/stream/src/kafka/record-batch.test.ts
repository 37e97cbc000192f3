import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'

import { crc32c } from './crc32c.ts'
import { decodeRecordBatches } from './record-batch-decoder.ts'
import { anonymousOrigin, encodeRecordBatch } from './record-batch-encoder.ts'

// kafkajs's codec is the second opinion on ours.
const require = createRequire(import.meta.url)
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object
const decodeByKafkaJs = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (
  decoder: object,
) => Promise<{
  records: { key: Buffer; value: Buffer | null; offset: string; timestamp: string }[]
  producerId: string
  producerEpoch: number
  firstSequence: number
  lastOffsetDelta: number
}>

const records = [
  { key: 'ключ', value: Buffer.from('one') },
  { key: '', value: null },
  { key: 'k'.repeat(200), value: Buffer.alloc(20_000, 7) },
]
const options = { topic: 'session-events', partition: 3, from: 0n } as const

/** A batch as the broker hands it out: at an offset, with attributes of its choosing. */
const stored = (
  at: bigint,
  { attributes = 0, maxTimestamp = 1000n, keep = 3, body = (plain: Buffer) => plain } = {},
): Buffer => {
  const batch = encodeRecordBatch(records, anonymousOrigin, 1000)
  // Each record keeps its offset when its neighbours are cleaned away: the header goes on naming three.
  const kept = encodeRecordBatch(records.slice(0, keep), anonymousOrigin, 1000).subarray(61)
  const whole = Buffer.concat([batch.subarray(0, 61), body(Buffer.from(kept))])
  whole.writeBigInt64BE(at, 0)
  whole.writeInt32BE(whole.length - 12, 8)
  whole.writeInt16BE(attributes, 21)
  whole.writeBigInt64BE(maxTimestamp, 35)
  whole.writeInt32BE(keep, 57)
  whole.writeUInt32BE(crc32c(whole.subarray(21)), 17)
  return whole
}

test('kafkajs reads what we write', async () => {
  const origin = { producerId: 2n ** 40n, producerEpoch: 7, baseSequence: 123 }
  const batch = await decodeByKafkaJs(new Decoder(encodeRecordBatch(records, origin, 1_700_000_000_123)))
  assert.deepEqual(
    batch.records.map(({ key, value }) => ({ key: key.toString(), value })),
    records,
  )
  assert.deepEqual(
    batch.records.map(({ offset, timestamp }) => [offset, timestamp]),
    [0, 1, 2].map(offset => [String(offset), '1700000000123']),
  )
  assert.deepEqual(
    [batch.producerId, batch.producerEpoch, batch.firstSequence, batch.lastOffsetDelta],
    ['1099511627776', 7, 123, 2],
  )
})

test('reads batches one after the other', () => {
  const { records: read, nextOffset } = decodeRecordBatches(Buffer.concat([stored(10n), stored(13n)]), {
    ...options,
    from: 10n,
  })
  assert.deepEqual(
    read.map(({ offset }) => offset),
    [10n, 11n, 12n, 13n, 14n, 15n],
  )
  assert.deepEqual(read[0], {
    topic: 'session-events',
    partition: 3,
    offset: 10n,
    timestamp: 1000,
    key: Buffer.from('ключ'),
    value: Buffer.from('one'),
  })
  assert.equal(read[1]?.value, null)
  assert.equal(nextOffset, 16n)
})

test('leaves out records before the asked offset', () => {
  const { records: read } = decodeRecordBatches(stored(10n), { ...options, from: 12n })
  assert.deepEqual(
    read.map(({ offset }) => offset),
    [12n],
  )
})

test('goes past a batch that compaction emptied', () => {
  assert.deepEqual(decodeRecordBatches(stored(10n, { keep: 0 }), { ...options, from: 10n }), {
    records: [],
    nextOffset: 13n,
  })
})

test('goes past records that compaction took from the end of a batch', () => {
  const { records: read, nextOffset } = decodeRecordBatches(stored(10n, { keep: 1 }), {
    ...options,
    from: 10n,
  })
  assert.equal(read.length, 1)
  assert.equal(nextOffset, 13n)
})

test('stops before a batch that the response cuts off', () => {
  const whole = stored(10n)
  for (const length of [whole.length + 5, whole.length + 12, whole.length * 2 - 1]) {
    const cut = Buffer.concat([whole, stored(13n)]).subarray(0, length)
    assert.equal(decodeRecordBatches(cut, { ...options, from: 10n }).nextOffset, 13n)
  }
})

test('gives records of a LogAppendTime topic the time of the append', () => {
  const { records: read } = decodeRecordBatches(
    stored(0n, { attributes: 0x08, maxTimestamp: 5555n }),
    options,
  )
  assert.deepEqual(
    read.map(({ timestamp }) => timestamp),
    [5555, 5555, 5555],
  )
})

test('goes past control batches', () => {
  assert.deepEqual(decodeRecordBatches(stored(0n, { attributes: 0x20 }), options), {
    records: [],
    nextOffset: 3n,
  })
})

for (const [name, codec, compress] of [
  ['gzip', 1, gzipSync],
  ['zstd', 4, zstdCompressSync],
] as const) {
  test(`inflates ${name}`, () => {
    const { records: read } = decodeRecordBatches(
      stored(0n, { attributes: codec, body: plain => compress(plain) }),
      options,
    )
    assert.deepEqual(
      read.map(({ value }) => value),
      records.map(({ value }) => value),
    )
  })
}

test('refuses a codec that it does not know', () => {
  assert.throws(() => decodeRecordBatches(stored(0n, { attributes: 2 }), options), {
    code: 'BATCH_UNREADABLE',
  })
})

test('refuses a batch whose bytes changed', () => {
  const changed = stored(0n)
  changed[100]! ^= 1
  assert.throws(() => decodeRecordBatches(changed, options), { code: 'BATCH_UNREADABLE' })
})
