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

/** Bytes of one record in a batch. @param index its place in it @param delta milliseconds after the batch's first timestamp */
export const recordBytes = (record: KeyedValue, index: number, delta: number): number => {
  const body = recordBodyBytes(record, index, delta)
  return varintSize(body) + body
}

const recordBodyBytes = ({ key, value }: KeyedValue, index: number, delta: number): number => {
  const keyBytes = Buffer.byteLength(key)
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
  const deltas = records.map(({ timestamp = now }) => timestampDelta(timestamp, first))
  let size = batchOverheadBytes
  for (const [index, record] of records.entries()) size += recordBytes(record, index, deltas[index]!)
  const checked = new ByteWriter(size - bytesBeforeChecked)
    .int16(attributes)
    .int32(records.length - 1)
    .int64(BigInt(first))
    .int64(BigInt(deltas.reduce((last, delta) => Math.max(last, first + delta), first)))
    .int64(origin.producerId)
    .int16(origin.producerEpoch)
    .int32(origin.baseSequence)
    .int32(records.length)
  for (const [index, record] of records.entries()) {
    checked
      .varint(recordBodyBytes(record, index, deltas[index]!))
      .int8(0)
      .varint(deltas[index]!)
      .varint(index)
      .varintString(record.key)
      .varintBytes(record.value)
      .varint(0)
  }
  const head = new ByteWriter(bytesBeforeChecked)
    .int64(0n)
    .int32(size - bytesBeforeLength)
    .int32(-1)
    .int8(magic)
    .int32(crc32c(checked.written) | 0)
  return Buffer.concat([head.written, checked.written])
}

// The writer's varints are of 32 bits; a batch that spans weeks is a fault of whoever set the times.
const timestampDelta = (timestamp: number, first: number): number => {
  const delta = timestamp - first
  if (delta === (delta | 0)) return delta
  throw new RangeError(`record batch: expected timestamps within 24 days, got ${delta} ms between two`)
}
