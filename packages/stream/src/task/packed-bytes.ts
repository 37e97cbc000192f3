declare const packed: unique symbol

/**
 * Bytes to be kept for a while, as a string of one byte a character: it stands in V8's own heap and holds no larger buffer in
 * memory (fetched values are slices of whole responses).
 */
export type PackedBytes = string & { readonly [packed]: true }

export const packBytes = (value: Buffer): PackedBytes => value.toString('latin1') as PackedBytes

/** A copy of their own for the caller. */
export const unpackBytes = (bytes: PackedBytes): Buffer => Buffer.from(bytes, 'latin1')
