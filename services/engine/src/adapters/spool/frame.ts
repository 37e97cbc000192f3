import { crc32 } from 'node:zlib'

/** A record on its way to `session-events`, encoded. */
export interface SpoolRecord {
  readonly partition: number
  readonly key: string
  readonly value: Buffer
}

/** Length and CRC-32 of what follows. */
const headBytes = 8
/** Partition and length of the key. */
const fixedBytes = 6

export const frameBytes = ({ key, value }: SpoolRecord): number =>
  headBytes + fixedBytes + Buffer.byteLength(key) + value.length

/** `length u32, crc32 u32, partition u32, key length u16, key, value`; length and CRC are of what stands behind them. */
export const encodeFrame = (record: SpoolRecord): Buffer => {
  const frame = Buffer.allocUnsafe(frameBytes(record))
  const keyBytes = frame.write(record.key, headBytes + fixedBytes, 'utf8')
  record.value.copy(frame, headBytes + fixedBytes + keyBytes)
  frame.writeUInt32BE(record.partition, headBytes)
  frame.writeUInt16BE(keyBytes, headBytes + 4)
  frame.writeUInt32BE(frame.length - headBytes, 0)
  frame.writeUInt32BE(crc32(frame.subarray(headBytes)), 4)
  return frame
}

/** What stands at a place of a segment. */
export type FrameRead =
  | { readonly kind: 'record'; readonly record: SpoolRecord; readonly end: number }
  /** Nothing was written here yet. */
  | { readonly kind: 'end' }
  /** The last write was cut short: behind it there is nothing. */
  | { readonly kind: 'torn' }
  /** Not what was written, with something behind it. */
  | { readonly kind: 'corrupt' }

/** Reads the frame at `offset` of a whole segment, whose unwritten rest is zeros. */
export const readFrame = (segment: Buffer, offset: number): FrameRead => {
  if (segment.length - offset < headBytes) return { kind: isZero(segment, offset) ? 'end' : 'torn' }
  const length = segment.readUInt32BE(offset)
  const end = offset + headBytes + length
  if (length === 0) return { kind: isZero(segment, offset) ? 'end' : 'corrupt' }
  if (length >= fixedBytes && end <= segment.length) {
    const body = segment.subarray(offset + headBytes, end)
    const isIntact = crc32(body) === segment.readUInt32BE(offset + 4)
    if (isIntact) return { kind: 'record', record: recordOf(body), end }
  }
  return { kind: isZero(segment, end) ? 'torn' : 'corrupt' }
}

const recordOf = (body: Buffer): SpoolRecord => {
  const valueAt = fixedBytes + body.readUInt16BE(4)
  return {
    partition: body.readUInt32BE(0),
    key: body.toString('utf8', fixedBytes, valueAt),
    value: body.subarray(valueAt),
  }
}

const isZero = (bytes: Buffer, from: number): boolean => {
  for (let at = from; at < bytes.length; at += 1) if (bytes[at] !== 0) return false
  return true
}
