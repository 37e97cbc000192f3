// Slicing by eight: one table per byte position, so that eight bytes cost one round of look-ups. The plain byte-wise loop
// would be the dearest part of writing and reading a record batch.
const polynomial = 0x82f63b78
const tables = new Int32Array(8 * 256)
for (let byte = 0; byte < 256; byte += 1) {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
  tables[byte] = crc
}
for (let at = 256; at < tables.length; at += 1) {
  const previous = tables[at - 256]!
  tables[at] = (previous >>> 8) ^ tables[previous & 0xff]!
}

/** CRC-32C (Castagnoli, RFC 3720 §12.1), the checksum of record batches. */
export const crc32c = (bytes: Buffer): number => {
  let crc = -1
  let at = 0
  for (const last = bytes.length - 7; at < last; at += 8) {
    const low = crc ^ bytes.readInt32LE(at)
    crc =
      tables[0x700 + (low & 0xff)]! ^
      tables[0x600 + ((low >>> 8) & 0xff)]! ^
      tables[0x500 + ((low >>> 16) & 0xff)]! ^
      tables[0x400 + (low >>> 24)]! ^
      tables[0x300 + bytes[at + 4]!]! ^
      tables[0x200 + bytes[at + 5]!]! ^
      tables[0x100 + bytes[at + 6]!]! ^
      tables[bytes[at + 7]!]!
  }
  for (; at < bytes.length; at += 1) crc = (crc >>> 8) ^ tables[(crc ^ bytes[at]!) & 0xff]!
  return ~crc >>> 0
}
