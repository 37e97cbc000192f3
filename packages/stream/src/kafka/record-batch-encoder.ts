import type { KeyedValue } from '../ports.ts'
import { ByteWriter, varintSize } from './byte-writer.ts'
import { crc32c } from './crc32c.ts'

/** Who writes a batch, and where it stands in that producer's sequence for the partition. */
export interface BatchOrigin {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
}

/** A producer without idempotence. */
export const anonymousOrigin: BatchOrigin = { producerId: -1n, producerEpoch: -1, baseSequence: -1 }

/** Bytes of a batch before its records. */
export const batchOverheadBytes = 61
const magic = 2
const attributes = 0
// Base offset and length are not part of the length; leader epoch, magic and checksum not of the checksum.
const bytesBeforeLength = 12
const bytesBeforeChecked = 21
const checksumAt = 17

/** Bytes of one record in a batch. @param index its place in it @param delta milliseconds after the batch's first timestamp */
export const recordBytes = ({ key, value }: KeyedValue, index: number, delta: number): number => {
  const body = bodyBytes(Buffer.byteLength(key), value, index, delta)
  return varintSize(body) + body
}

const bodyBytes = (keyBytes: number, value: Buffer | null, index: number, delta: number): number => {
  const valueBytes = value === null ? varintSize(-1) : varintSize(value.length) + value.length
  // one byte each: attributes, header count 0
  return 2 + varintSize(delta) + varintSize(index) + varintSize(keyBytes) + keyBytes + valueBytes
}

/**
 * One record batch, message format v2 (kafka.apache.org/documentation, "Record Batch").
 * @param now timestamp of every record that has none of its own, milliseconds since the Unix epoch
 * @throws RangeError where timestamps of one batch lie more than 24 days apart
 */
export const encodeRecordBatch = (
  records: readonly KeyedValue[],
  origin: BatchOrigin,
  now: number,
): Buffer => {
  const first = records[0]?.timestamp ?? now
  // Measured once, before they are written: lengths stand in front of what they are of.
  const keyBytes = records.map(({ key }) => Buffer.byteLength(key))
  let size = batchOverheadBytes
  let last = first
  for (let index = 0; index < records.length; index += 1) {
    const { value, timestamp = now } = records[index]!
    const body = bodyBytes(keyBytes[index]!, value, index, timestampDelta(timestamp, first))
    size += varintSize(body) + body
    last = Math.max(last, timestamp)
  }
  const writer = new ByteWriter(size)
    .int64(0n)
    .int32(size - bytesBeforeLength)
    .int32(-1)
    .int8(magic)
    .int32(0)
    .int16(attributes)
    .int32(records.length - 1)
    .int64(BigInt(first))
    .int64(BigInt(last))
    .int64(origin.producerId)
    .int16(origin.producerEpoch)
    .int32(origin.baseSequence)
    .int32(records.length)
  for (let index = 0; index < records.length; index += 1) {
    const { key, value, timestamp = now } = records[index]!
    const delta = timestamp - first
    writer
      .varint(bodyBytes(keyBytes[index]!, value, index, delta))
      .int8(0)
      .varint(delta)
      .varint(index)
      .varint(keyBytes[index]!)
      .text(key, keyBytes[index]!)
      .varintBytes(value)
      .varint(0)
  }
  const batch = writer.written
  batch.writeInt32BE(crc32c(batch.subarray(bytesBeforeChecked)) | 0, checksumAt)
  return batch
}

// The writer's varints are of 32 bits; a batch that spans weeks is a fault of whoever set the times.
const timestampDelta = (timestamp: number, first: number): number => {
  const delta = timestamp - first
  if (delta === (delta | 0)) return delta
  throw new RangeError(`record batch: expected timestamps within 24 days, got ${delta} ms between two`)
}
