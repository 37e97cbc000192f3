declare const packed: unique symbol

/**
 * Bytes to be kept, as a string of one byte a character: it stands in V8's own heap and holds no larger buffer in memory
 * (fetched values are slices of whole responses, encoded ones of pools). A buffer of their own for each of tens of
 * thousands of states, replaced with every event, would cost an allocation outside that heap each, and pauses of the
 * garbage collector.
 */
export type PackedBytes = string & { readonly [packed]: true }

export const packBytes = (value: Buffer): PackedBytes => value.toString('latin1') as PackedBytes

/** A copy of their own for the caller. */
export const unpackBytes = (bytes: PackedBytes): Buffer => Buffer.from(bytes, 'latin1')

/**
 * The bytes in a buffer that is used again and again: they change with the next call.
 * @param scratch where there is no room in it, a copy of their own
 */
export const lendBytes = (bytes: PackedBytes, scratch: Buffer): Buffer =>
  bytes.length > scratch.length ? unpackBytes(bytes) : scratch.subarray(0, scratch.write(bytes, 0, 'latin1'))
