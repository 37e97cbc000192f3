import { gunzipSync, zstdDecompressSync } from 'node:zlib'

import type { TopicName } from '@cordon/schemas'

import type { LogRecord } from '../ports.ts'
import { StreamError } from '../stream-error.ts'
import { ByteReader } from './byte-reader.ts'
import { crc32c } from './crc32c.ts'

/** What one fetch returned of a partition. */
export interface FetchedRecords {
  readonly records: readonly LogRecord[]
  /** Where the next fetch starts: behind the last whole batch, whatever compaction left of it. */
  readonly nextOffset: bigint
}

export interface DecodeOptions {
  readonly topic: TopicName
  readonly partition: number
  /** Records before it, at the front of the first batch, are left out. */
  readonly from: bigint
}

const magic = 2
const baseOffsetAndLengthBytes = 12
/** What stands in a batch before its records. */
const leastBatchBytes = 49
const bytesBeforeAttributes = 9
const codecMask = 0x07
const logAppendTimeFlag = 0x08
const controlFlag = 0x20
// A batch that would inflate beyond this was not written by anything Cordon knows.
const maxInflatedBytes = 64 * 1024 * 1024

/**
 * Reads the record batches of a fetch response. A batch that compaction emptied, or whose last records are gone, still
 * says by its header where it ends; advancing there, and not behind the last record, is what keeps a follower going
 * (tulios/kafkajs#1072, #562, #577). Keys and values are views of the response.
 * @throws StreamError `BATCH_UNREADABLE`
 */
export const decodeRecordBatches = (bytes: Buffer, options: DecodeOptions): FetchedRecords => {
  const records: LogRecord[] = []
  let nextOffset = options.from
  let at = 0
  while (bytes.length - at >= baseOffsetAndLengthBytes) {
    const baseOffset = bytes.readBigInt64BE(at)
    const length = bytes.readInt32BE(at + 8)
    // A negative one would lead back to where this batch begins, for ever.
    if (length < leastBatchBytes)
      throw unreadable(options, baseOffset, `at least ${leastBatchBytes} bytes`, `${length}`)
    const end = at + baseOffsetAndLengthBytes + length
    // The broker cuts the last batch at the size the fetch asked for.
    if (end > bytes.length) break
    const lastOffset = decodeWhole(
      bytes.subarray(at + baseOffsetAndLengthBytes, end),
      baseOffset,
      options,
      records,
    )
    if (lastOffset >= nextOffset) nextOffset = lastOffset + 1n
    at = end
  }
  return { records, nextOffset }
}

/** The checksum is right, or it would have been refused: whoever wrote it says something else than its format. */
const decodeWhole: typeof decodeBatch = (batch, baseOffset, options, into) => {
  try {
    return decodeBatch(batch, baseOffset, options, into)
  } catch (cause) {
    if (cause instanceof StreamError) throw cause
    throw unreadable(options, baseOffset, 'records as its header describes them', 'other bytes', cause)
  }
}

const decodeBatch = (
  batch: Buffer,
  baseOffset: bigint,
  options: DecodeOptions,
  into: LogRecord[],
): bigint => {
  const reader = new ByteReader(batch)
  reader.skip(4) // leader epoch
  const foundMagic = reader.int8()
  if (foundMagic !== magic) throw unreadable(options, baseOffset, `message format ${magic}`, `${foundMagic}`)
  if (reader.uint32() !== crc32c(batch.subarray(bytesBeforeAttributes))) {
    throw unreadable(options, baseOffset, 'the checksum of its header', 'another')
  }
  const attributes = reader.int16()
  const lastOffset = baseOffset + BigInt(reader.int32())
  const firstTimestamp = Number(reader.int64())
  const maxTimestamp = Number(reader.int64())
  reader.skip(14) // producer id, epoch, sequence
  const count = reader.int32()
  // Markers of transactions, which nothing of Cordon writes, are no records.
  if (attributes & controlFlag) return lastOffset

  const body = inflated(attributes & codecMask, batch, reader.at, options, baseOffset)
  for (let left = count; left > 0; left -= 1) {
    body.varint() // length
    body.skip(1) // attributes
    const timestampDelta = body.varint()
    const offset = baseOffset + BigInt(body.varint())
    const key = body.varintBytes()
    const value = body.varintBytes()
    for (let headers = body.varint(); headers > 0; headers -= 1) {
      body.varintBytes()
      body.varintBytes()
    }
    if (offset < options.from) continue
    // On a LogAppendTime topic the broker stamps the batch and leaves the producer's deltas in the records.
    const timestamp = attributes & logAppendTimeFlag ? maxTimestamp : firstTimestamp + timestampDelta
    into.push({ topic: options.topic, partition: options.partition, offset, timestamp, key, value })
  }
  return lastOffset
}

const inflated = (
  codec: number,
  batch: Buffer,
  at: number,
  options: DecodeOptions,
  baseOffset: bigint,
): ByteReader => {
  const limit = { maxOutputLength: maxInflatedBytes }
  switch (codec) {
    case 0:
      return new ByteReader(batch, at)
    case 1:
      return new ByteReader(gunzipSync(batch.subarray(at), limit))
    case 4:
      return new ByteReader(zstdDecompressSync(batch.subarray(at), limit))
    default:
      throw unreadable(options, baseOffset, 'compression none, gzip or zstd', `codec ${codec}`)
  }
}

const unreadable = (
  { topic, partition }: DecodeOptions,
  offset: bigint,
  expected: string,
  got: string,
  cause?: unknown,
): StreamError =>
  new StreamError(
    'BATCH_UNREADABLE',
    `batch at ${topic}[${partition}] offset ${offset}: expected ${expected}, got ${got}`,
    { cause },
  )
