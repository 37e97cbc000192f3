import { StreamError } from '../stream-error.ts'
import { crc32c } from './crc32c.ts'
import { decodeRecordBatches } from './record-batch-decoder.ts'
import { anonymousOrigin, encodeRecordBatch } from './record-batch-encoder.ts'

const record = { key: 'k', value: Buffer.from('value') }
const checksumAt = 17

export const seeds: readonly Buffer[] = [
  ...[[record], [record, { key: '', value: null }]].map(records =>
    Buffer.from(encodeRecordBatch(records, anonymousOrigin, 1_000)),
  ),
  // Found: a batch shorter than its own header, and one that ends before it begins.
  Buffer.from('AAAAAABF/////wK2', 'base64'),
  Buffer.from('0000000000000000fffffff4', 'hex'),
]

/** Records and where to go on, or the error that it states; also where the checksum is right. */
export const run = (bytes: Buffer): void => {
  decode(bytes)
  if (bytes.length < checksumAt + 4) return
  bytes.writeInt32BE(bytes.length - 12, 8)
  bytes.writeUInt32BE(crc32c(bytes.subarray(checksumAt + 4)), checksumAt)
  decode(bytes)
}

const decode = (bytes: Buffer): void => {
  try {
    const { records, nextOffset } = decodeRecordBatches(bytes, {
      topic: 'session-events',
      partition: 0,
      from: 0n,
    })
    if (nextOffset < 0n || records.some(({ offset }) => offset < 0n))
      throw new Error('goes back behind where it started')
  } catch (error) {
    if (!(error instanceof StreamError)) throw error
  }
}
